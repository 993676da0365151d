// Many points on a canvas: by WebGL, or without it pixel by pixel.

const PALETTE = ["#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#b07aa1", "#17a2a8", "#c9a227", "#9c755f"];
const BRIGHT = [59, 130, 196], OTHERS = [125, 130, 138];
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

const VERTEX = `#version 300 es
in vec2 place; in vec4 color; uniform vec2 scale, middle; uniform float size; out vec4 tint;
void main() { tint = color; gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = color.a == 0.0 ? 0.0 : color.a > 0.5 ? size : size * 0.8; }`;
const FRAGMENT = `#version 300 es
precision mediump float; in vec4 tint; out vec4 pixel;
void main() { vec2 off = gl_PointCoord - 0.5; float far = dot(off, off); if (tint.a == 0.0 || far > 0.25) discard;
  pixel = vec4(tint.rgb * tint.a, tint.a); }`;

// `draw({ scale, middle, size })`: scale and middle as of the screen from -1 to 1, size in pixels of the device.
function byWebGL(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: true });
  if (!gl) return null;
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  gl.useProgram(program);
  const [places, colors, order] = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
  const at = (name) => gl.getUniformLocation(program, name);
  const uniforms = { scale: at("scale"), middle: at("middle"), size: at("size") };
  let count = 0;
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  function fill(buffer, name, values, size, kind, normalized) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    const place = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, kind, normalized, 0, 0);
  }
  return {
    kind: "webgl",
    points: (values) => fill(places, "place", values, 2, gl.FLOAT, false),
    colors(values, sequence) {
      fill(colors, "color", values, 4, gl.UNSIGNED_BYTE, true);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, sequence, gl.DYNAMIC_DRAW);
      count = sequence.length;
    },
    draw({ scale, middle, size }) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(uniforms.scale, ...scale);
      gl.uniform2f(uniforms.middle, ...middle);
      gl.uniform1f(uniforms.size, size);
      if (count) gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
    },
    close: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

function byPixels(canvas) {
  const flat = canvas.getContext("2d");
  let points = new Float32Array(), colors = new Uint8Array(), order = new Uint32Array();
  return {
    kind: "2d",
    points: (values) => { points = values; },
    colors(values, sequence) { colors = values; order = sequence; },
    draw({ scale, middle, size }) {
      const [width, height] = [canvas.width, canvas.height];
      if (!width || !height) return;
      const image = flat.createImageData(width, height), data = image.data;
      for (const at of order) {
        const alpha = colors[4 * at + 3];
        const side = Math.max(1, Math.round(alpha > 127 ? size : 0.8 * size));
        const left = Math.round(((points[2 * at] - middle[0]) * scale[0] + 1) * width / 2 - side / 2);
        const top = Math.round((1 - (points[2 * at + 1] - middle[1]) * scale[1]) * height / 2 - side / 2);
        if (!alpha || left + side < 0 || top + side < 0 || left >= width || top >= height) continue;
        const corner = side > 3 ? 1 : 0; // a dot, not a square
        for (let y = Math.max(0, top); y < Math.min(height, top + side); y += 1) {
          const inset = corner && (y === top || y === top + side - 1) ? 1 : 0;
          for (let x = Math.max(0, left + inset); x < Math.min(width, left + side - inset); x += 1) {
            const pixel = 4 * (y * width + x), rest = 255 - alpha;
            const old = data[pixel + 3];
            for (let one = 0; one < 3; one += 1) data[pixel + one] = old ? (colors[4 * at + one] * alpha + data[pixel + one] * rest) / 255 : colors[4 * at + one];
            data[pixel + 3] = old + (alpha * (255 - old)) / 255;
          }
        }
      }
      flat.putImageData(image, 0, 0);
    },
    close: () => {},
  };
}

// The color of every point, and the order in which they are drawn: gray ones first. What is hidden has no color.
function tints({ bright, codes, colored, off }) {
  const count = codes.length, tint = new Uint8Array(4 * count), order = new Uint32Array(count);
  const palette = PALETTE.map(rgb);
  const last = colored - 1;
  let [front, back] = [0, count];
  for (let at = 0; at < count; at += 1) {
    const code = codes[at], isBright = (bright[at >> 3] >> (at & 7)) & 1;
    const color = !colored ? BRIGHT : code >= last ? OTHERS : palette[code % palette.length];
    const hidden = colored && off.has(Math.min(code, last));
    const [red, green, blue] = isBright ? color : [128, 128, 128];
    tint.set([red, green, blue, hidden ? 0 : isBright ? 230 : 70], 4 * at);
    if (isBright) order[(back -= 1)] = at; else order[front++] = at;
  }
  return { tint, order };
}
