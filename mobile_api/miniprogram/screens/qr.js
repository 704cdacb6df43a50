// A QR code as a picture that an image can show.
const qrcode = require("../vendor/qrcode");

// Pixels of one module, and modules of white around it as the standard asks.
const MODULE = 6;
const QUIET = 4;

// ASCII as a data URL; ISO/IEC 18004, correction level M.
function pictureOf(text) {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  code.make();
  return code.createDataURL(MODULE, MODULE * QUIET);
}

module.exports = { pictureOf };
