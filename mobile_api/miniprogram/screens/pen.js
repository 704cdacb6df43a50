// A finger's strokes on a canvas, smoothed; and whether they are a signature at all.
const LEAST_POINTS = 12;

class Pen {
  // node: a canvas of type 2d; width and height in its own pixels, ratio of those to the screen's.
  constructor(node, width, height, ratio) {
    Object.assign(node, { width: width * ratio, height: height * ratio });
    this.node = node;
    this.context = node.getContext("2d");
    this.context.scale(ratio, ratio);
    Object.assign(this.context, {
      lineWidth: 4,
      lineCap: "round",
      lineJoin: "round",
      strokeStyle: "#10203a",
    });
    this.size = [width, height];
    this.points = 0;
    this.last = null;
  }

  start({ x, y }) {
    this.last = { x, y, middle: { x, y } };
  }

  // Curves from middle to middle of the points, so that no corner is seen.
  move({ x, y }) {
    if (!this.last) return;
    const middle = { x: (this.last.x + x) / 2, y: (this.last.y + y) / 2 };
    const { context, last } = this;
    context.beginPath();
    context.moveTo(last.middle.x, last.middle.y);
    context.quadraticCurveTo(last.x, last.y, middle.x, middle.y);
    context.stroke();
    this.last = { x, y, middle };
    this.points += 1;
  }

  end() {
    this.last = null;
  }

  clear() {
    this.context.clearRect(0, 0, ...this.size);
    this.points = 0;
  }

  get isSignature() {
    return this.points >= LEAST_POINTS;
  }

  // What the server takes: PNG in base64, and how many pixels it has.
  get drawn() {
    const { width, height } = this.node;
    return { image: this.node.toDataURL("image/png").split(",")[1], width, height };
  }
}

module.exports = { Pen };
