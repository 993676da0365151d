// The control of one parameter, made from what its ranker declares. A kind nobody foresaw is text or JSON.

const isBlank = (value) => value === null || value === undefined || value === "";
const asText = (value) => (isBlank(value) ? "" : typeof value === "string" ? value : JSON.stringify(value));

// What a person typed where a value may be more than text: JSON where it is meant to be, else the text.
function asValue(text, parameter) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const lists = ["box", "geo", "vector"].includes(parameter.kind) && !trimmed.startsWith("[") && !trimmed.startsWith("{");
  if (lists && /^[\d\s.,eE+-]+$/.test(trimmed)) return trimmed.split(/[\s,]+/).filter(Boolean).map(Number);
  const written = ["json", "box", "geo", "vector", "number", "integer"].includes(parameter.kind) || (parameter.many && /^[[{]/.test(trimmed));
  if (!written) return trimmed;
  try {
    return JSON.parse(trimmed);
  } catch {
    return trimmed; // refused in words by the kernel
  }
}

// `commit(value)` is called with a value or null; `row` gives the other values of the same row.
function control(s, parameter, value, commit, { path, row, placeholder = "" }) {
  const label = parameter.name;
  const common = { "aria-label": label, title: `${parameter.help} (${parameter.expected})`, "data-path": path };
  const textual = (more = {}) => {
    const input = el("input", { type: "text", value: asText(value), ...common, spellcheck: "false", ...more });
    input.addEventListener("change", () => commit(asValue(input.value, parameter)));
    return input;
  };
  const listed = (options) => {
    const id = `tk-data-${Math.random().toString(36).slice(2)}`;
    return el("span", {}, textual({ list: id, size: 8 }), el("datalist", { id }, options.map((option) => el("option", { value: option }))));
  };
  const chosen = (options) => {
    const select = el("select", { ...common }, options.map(([text, each]) => el("option", { value: JSON.stringify(each) }, text)));
    select.value = JSON.stringify(value ?? null);
    select.addEventListener("change", () => commit(JSON.parse(select.value)));
    return select;
  };
  const unset = parameter.required ? [] : [[`${asText(parameter.default) || "any"}`, null]];
  switch (parameter.kind) {
    case "concept":
      if (!isBlank(value) && typeof value !== "string") return textual();
      return combobox(s, { label, value: asText(value), path, placeholder: "a concept, in any language",
        language: () => row().options?.language, pick: (text, one) => commit(asValue(text, parameter), one) });
    case "image": return pictureControl(s, parameter, value, commit, { path, row });
    case "language": return listed(s.get("languages"));
    case "source": return listed(s.get("sources"));
    case "choice": return chosen([...unset, ...parameter.choices.map((choice) => [choice, choice])]);
    case "flag": return chosen([...unset, ["yes", true], ["no", false]]);
    case "number": case "integer": return numeric(parameter, value, commit, common);
    case "time": return textual({ placeholder: "2026-05-01T12:00Z" });
    case "box": return textual({ placeholder: "top, left, bottom, right" });
    case "geo": return textual({ placeholder: "lat, lon, km" });
    default: return textual({ placeholder });
  }
}

function numeric(parameter, value, commit, common) {
  const { minimum, maximum, kind } = parameter;
  const step = kind === "integer" ? 1 : "any";
  const read = (input) => commit(input.value === "" ? null : Number(input.value));
  const number = el("input", { type: "number", value: value ?? parameter.default ?? "", min: minimum, max: maximum, step, ...common });
  number.addEventListener("change", () => read(number));
  if (minimum === null || maximum === null || kind === "integer") return number;
  const slider = el("input", { type: "range", min: minimum, max: maximum, step: (maximum - minimum) / 100, value: value ?? parameter.default ?? minimum,
    "aria-label": `${parameter.name}, slider`, "data-path": `${common["data-path"]}/slider` });
  slider.addEventListener("input", () => { number.value = slider.value; });
  slider.addEventListener("change", () => read(slider));
  return el("span", { class: "tk-weight" }, slider, number);
}

// ---- pictures

const LONGEST_SIDE = 1024, LARGEST_FILE = 200 * 2 ** 20;

// A picture no larger than the search looks at, upright. Nothing larger than a message may be gets sent.
async function small(file) {
  if (file.size > LARGEST_FILE) throw new Error(`${file.name || "The picture"} is larger than 200 MB.`);
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error(`${file.name || "This"} is not a picture that the browser can open.`);
  }
  const factor = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * factor)), Math.max(1, Math.round(bitmap.height * factor)));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // where it is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  return blob.arrayBuffer();
}

async function upload(s, file) {
  s.say("Sending the picture…");
  const answer = await s.ask("upload", { name: file.name || "" }, [await small(file)]);
  s.say("");
  return answer.subject;
}

function pictureControl(s, parameter, value, commit, { path, row }) {
  const held = !isBlank(value) && typeof value !== "string";
  const thumb = el("img", { class: "tk-thumb", alt: "", hidden: isBlank(value) });
  if (!isBlank(value)) show();
  async function show() {
    const answer = await s.tryAsk("preview", { source: value, box: row().options?.box ?? null });
    if (!answer) { thumb.hidden = true; return; }
    thumb.src = urlOf(bytesOf(answer.buffers[0]));
    thumb.onload = () => URL.revokeObjectURL(thumb.src);
  }
  const file = el("input", { type: "file", accept: "image/*", hidden: true, "aria-label": `${parameter.name}, file` });
  file.addEventListener("change", () => { if (file.files.length) s.taken(file.files[0], commit); });
  const choose = button(held ? "Other…" : "File…", `${held ? "Other" : "File"}: choose a picture for ${parameter.name}`, () => file.click(), { "data-path": `${path}/file` });
  const text = el("input", { type: "text", "aria-label": parameter.name, "data-path": path, title: parameter.help,
    placeholder: "drop, paste, or type a URL", value: typeof value === "string" ? value : "" });
  text.addEventListener("change", () => commit(text.value.trim() || null));
  const name = held ? el("span", { class: "tk-soft" }, value.input ? `input ${value.input}` : "a picture of yours") : text;
  return el("span", { class: "tk-control" }, thumb, name, choose, file);
}
