// Many points on a canvas: by WebGL, or without it pixel by pixel.

const PALETTE = ["#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#b07aa1", "#17a2a8", "#c9a227", "#9c755f"];
const BRIGHT = [59, 130, 196], OTHERS = [125, 130, 138], FAINT = [128, 128, 128, 70];
const IN_SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
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
  // WebGL in software takes several times as long as plain pixels; not every browser says so when it is asked for the context.
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true, antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: true });
  if (!gl) return null;
  const named = gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  if (IN_SOFTWARE.test(gl.getParameter(named))) {
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return null;
  }
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
  let points = new Float32Array(), colors = new Uint32Array(), order = new Uint32Array();
  return {
    kind: "2d",
    points: (values) => { points = values; },
    colors(values, sequence) { colors = new Uint32Array(values.buffer); order = sequence; },
    draw({ scale, middle, size }) {
      const width = canvas.width, height = canvas.height;
      if (!width || !height) return;
      const image = flat.createImageData(width, height), data = new Uint32Array(image.data.buffer);
      const sx = (scale[0] * width) / 2, sy = (scale[1] * height) / 2;
      const bright = Math.max(1, Math.round(size)), faint = Math.max(1, Math.round(0.8 * size));
      for (let next = 0; next < order.length; next += 1) {
        const at = order[next], color = colors[at];
        if (!color) continue;
        const side = color >>> 24 > 127 ? bright : faint, half = side / 2;
        const left = Math.round((points[2 * at] - middle[0]) * sx + width / 2 - half);
        const top = Math.round(height / 2 - (points[2 * at + 1] - middle[1]) * sy - half);
        if (left < 0 || top < 0 || left + side >= width || top + side >= height) continue;
        for (let y = 0; y < side; y += 1) {
          const inset = side > 3 && (y === 0 || y === side - 1) ? 1 : 0; // a dot, not a square
          const start = (top + y) * width + left;
          for (let x = inset; x < side - inset; x += 1) data[start + x] = color;
        }
      }
      flat.putImageData(image, 0, 0);
    },
    close: () => {},
  };
}

// The color of every point, and the order in which they are drawn: gray ones first. What is hidden has no color.
function tints({ bright, codes, colored, off, faint = FAINT }) {
  const count = codes.length, tint = new Uint32Array(count), order = new Uint32Array(count);
  const packed = ([red, green, blue], alpha) => ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  const gray = packed(faint, faint[3]), last = Math.max(0, colored - 1);
  const shades = Array.from({ length: last + 1 }, (_, code) =>
    packed(!colored ? BRIGHT : code === last ? OTHERS : rgb(PALETTE[code % PALETTE.length]), 230));
  const hidden = shades.map((_, code) => Boolean(colored) && off.has(code));
  let [front, back] = [0, count];
  for (let at = 0; at < count; at += 1) {
    const code = codes[at] < last ? codes[at] : last, isBright = (bright[at >> 3] >> (at & 7)) & 1;
    tint[at] = hidden[code] ? 0 : isBright ? shades[code] : gray;
    if (isBright) order[(back -= 1)] = at; else order[front++] = at;
  }
  return { tint: new Uint8Array(tint.buffer), order };
}
