/* What is wrong with a kiosk's screen as it stands, as a list of sentences. */
({ target, text }) => {
  const wrong = new Set();
  const short = (element) => element.textContent.trim().replace(/\s+/g, " ").slice(0, 24);
  const hidden = (element) => !element || !element.checkVisibility() || element.closest(".hidden, script, style, [aria-hidden=true]");

  for (const e of document.querySelectorAll("button, a[href], input:not([type=hidden]), canvas[role=img]")) {
    const box = e.getBoundingClientRect();
    if (hidden(e) || box.width === 0) continue;
    if (box.width < target - 0.5 || box.height < target - 0.5) wrong.add(`small target: ${short(e)} ${box.width}x${box.height}`);
    if (e.tagName === "BUTTON" && !e.disabled && isCovered(e, box)) wrong.add(`covered: ${short(e)}`);
  }

  /* A button in sight is the topmost thing at its own middle, unless a dialogue lies over the screen. */
  function isCovered(e, box) {
    if (document.querySelector("#over > *") && !e.closest("#over")) return false;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const frame = e.closest("#screen, #keyboard, #actions, #dock, #over")?.getBoundingClientRect();
    if (!frame || x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) return false;
    const top = document.elementFromPoint(x, y);
    return top !== null && !e.contains(top) && !top.contains(e);
  }

  /* The part of the window in which a text can be seen or scrolled to; null when it is cut off. */
  function isCut(box, element) {
    if (box.left < -1 || box.right > innerWidth + 1) return true;
    for (let e = element; e && e !== document.documentElement; e = e.parentElement) {
      const style = getComputedStyle(e), outer = e.getBoundingClientRect();
      const across = ["hidden", "clip"].includes(style.overflowX), down = ["hidden", "clip"].includes(style.overflowY);
      if (across && (box.left < outer.left - 1 || box.right > outer.right + 1)) return true;
      if (down && (box.top < outer.top - 1 || box.bottom > outer.bottom + 1)) return true;
      if (["auto", "scroll"].includes(style.overflowY)) return false;
    }
    return false;
  }

  const canvas = new OffscreenCanvas(64, 64), pen = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = (char, font) => {
    pen.clearRect(0, 0, 64, 64);
    pen.font = font;
    pen.fillText(char, 8, 44);
    return pen.getImageData(0, 0, 64, 64).data.join();
  };
  const seen = new Set(), missing = new Map();
  const boxesOf = (font) => {
    /* unassigned, private use and beyond: no font has these, so they show what a missing glyph looks like */
    if (!missing.has(font)) missing.set(font, new Set(["\u0378", "\u{3ABCD}", "\uE9F3"].map((char) => drawn(char, font)).concat(drawn(" ", font))));
    return missing.get(font);
  };

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode, words = node.textContent.trim(), e = node.parentElement;
    if (!words || hidden(e)) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    if (size < text) wrong.add(`small text: ${size} px ${words.slice(0, 24)}`);
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (isCut(box, e)) wrong.add(`cut off: ${words.slice(0, 24)}`);
    const font = `${style.fontWeight} 32px ${style.fontFamily}`;
    for (const char of new Set(words.replace(/\s/g, ""))) {
      if (seen.has(char + font)) continue;
      seen.add(char + font);
      if (char === "\uFFFD" || boxesOf(font).has(drawn(char, font))) wrong.add(`no glyph: ${char} U+${char.codePointAt(0).toString(16)}`);
    }
    /* letters among digits are a code, and a code as long as an e-licence's is broken wherever the line ends */
    for (const word of node.textContent.matchAll(/(?<![A-Za-z0-9])[A-Za-z]{2,14}(?![A-Za-z0-9])/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) wrong.add(`broken word: ${word[0]}`);
    }
  }

  for (const e of document.querySelectorAll("button, h1, h2, p, span, li, .panel, .row, .field, .notice")) {
    if (hidden(e) || e.closest("svg") || e.getBoundingClientRect().width === 0) continue;
    if (getComputedStyle(e).display === "inline" || !e.textContent.trim()) continue;
    if (e.scrollWidth > e.clientWidth + 2) wrong.add(`too wide for its box: ${e.tagName}.${e.className} ${short(e)}`);
    if (e.tagName === "BUTTON" && e.scrollHeight > e.clientHeight + 2) wrong.add(`too high for its box: ${short(e)}`);
  }
  return [...wrong];
}
