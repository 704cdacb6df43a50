// The camera: a live view with a frame, a look at the picture, taken again or used; else the phone's own camera app.
// A picture leaves this script smaller, by the event "picture"; upload.js sends it.
"use strict";
(() => {
  const form = document.querySelector("form[data-begin]");
  const main = document.querySelector("[data-shoot]");
  if (!form || !main || !window.fetch || !HTMLCanvasElement.prototype.toBlob) return;
  const words = JSON.parse(form.dataset.words);
  const own = form.querySelector("#photograph"), album = form.querySelector("#album");
  const LONG_SIDE = 2000, QUALITY = 0.85;
  const mayLook = Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.HTMLDialogElement);
  let hasCamera = mayLook;

  // With a script the button takes the picture; the fields stay for files and for phones without a live view.
  own.closest("[data-native]").hidden = true;
  if (main.dataset.shoot !== "again") main.textContent = words.shoot;
  else main.textContent = form.querySelector("label[for=photograph]").textContent;
  album.closest("[data-native]").classList.add("album");
  form.querySelector("label[for=album]").textContent = words.album;
  form.addEventListener("submit", (event) => { event.preventDefault(); shoot(); });
  document.addEventListener("take-again", () => shoot());
  for (const field of [own, album]) field.addEventListener("change", () => chosen(field));

  function shoot() {
    if (hasCamera) live();
    else own.click();
  }

  async function chosen(field) {
    const file = field.files[0];
    field.value = "";
    if (!file) return;
    if (!file.type.startsWith("image/")) return give(file);
    const drawn = await read(file).catch(() => null);
    // A kind that this browser cannot draw is for the server to name.
    if (!drawn) return give(file);
    look(await shrink(drawn), () => field.click());
  }

  async function read(file) {
    if (window.createImageBitmap) return createImageBitmap(file, { imageOrientation: "from-image" });
    const picture = new Image();
    picture.src = URL.createObjectURL(file);
    await picture.decode();
    return picture;
  }

  function shrink(drawn) {
    const width = drawn.videoWidth || drawn.width, height = drawn.videoHeight || drawn.height;
    const share = Math.min(1, LONG_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * share);
    canvas.height = Math.round(height * share);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  function give(blob) {
    document.dispatchEvent(new CustomEvent("picture", { detail: blob }));
  }

  // --- the live view
  async function live() {
    const screen = open(words.inside);
    const video = document.createElement("video");
    video.muted = video.playsInline = true;
    video.setAttribute("aria-label", words.inside);
    const frame = document.createElement("span");
    frame.className = "frame";
    screen.view.append(video, frame);
    let stream = null;
    screen.dialog.addEventListener("close", () => stream && stream.getTracks().forEach((track) => track.stop()));
    screen.button(words.close, () => screen.dialog.close());
    const shutter = screen.button(words.shoot, async () => {
      const blob = await shrink(video);
      screen.dialog.close();
      look(blob, live);
    }, true);
    shutter.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1920 } } });
      if (!screen.dialog.open) return stream.getTracks().forEach((track) => track.stop());
      video.srcObject = stream;
      await video.play();
      fit(frame, video, screen.view);
      addEventListener("resize", () => fit(frame, video, screen.view), { signal: screen.closed });
      shutter.disabled = false;
      shutter.focus();
    } catch {
      screen.dialog.close();
      noCamera();
    }
  }

  // Within the picture itself, that may be narrower than the screen.
  function fit(frame, video, view) {
    const share = Math.min(view.clientWidth / video.videoWidth, view.clientHeight / video.videoHeight);
    const width = video.videoWidth * share * 0.92, height = video.videoHeight * share * 0.92;
    Object.assign(frame.style, { width: `${width}px`, height: `${height}px`, inset: "auto", left: `${(view.clientWidth - width) / 2}px`, top: `${(view.clientHeight - height) / 2}px` });
  }

  function noCamera() {
    hasCamera = false;
    own.closest("[data-native]").hidden = false;
    const said = document.createElement("p");
    said.className = "said note";
    said.setAttribute("role", "status");
    said.textContent = words.no_camera;
    form.before(said);
  }

  // --- a look at what was taken
  function look(blob, again) {
    const screen = open(words.look);
    const picture = document.createElement("img");
    picture.alt = words.look;
    picture.src = URL.createObjectURL(blob);
    screen.view.append(picture);
    screen.dialog.addEventListener("close", () => URL.revokeObjectURL(picture.src));
    screen.button(words.again, () => { screen.dialog.close(); again(); });
    screen.button(words.use, () => { screen.dialog.close(); give(blob); }, true).focus();
  }

  function open(text) {
    const dialog = document.createElement("dialog"), inside = document.createElement("div");
    const view = document.createElement("div"), said = document.createElement("p"), bar = document.createElement("nav");
    dialog.className = "camera";
    dialog.setAttribute("aria-label", text);
    view.className = "view";
    said.textContent = text;
    inside.append(view, said, bar);
    dialog.append(inside);
    const closing = new AbortController();
    dialog.addEventListener("close", () => { closing.abort(); dialog.remove(); main.focus(); });
    document.body.append(dialog);
    dialog.showModal();
    function button(label, act, isMain = false) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      if (isMain) made.className = "main";
      made.addEventListener("click", act);
      bar.append(made);
      return made;
    }
    return { dialog, view, button, closed: closing.signal };
  }
})();
