"""The real Python widget in this process, and its real script in a bare page, joined by a comm of a few lines.

The page fetches what Python sent, so that messages may come from any thread, and arrive while a test waits.
"""

from __future__ import annotations

import base64
import time
from queue import Empty, SimpleQueue

import comm
import pytest
from comm.base_comm import BaseComm

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bridge</title></head>
<body><main><h1 style="font-size:14px;margin:4px 0">bridge</h1><div id="views"></div></main></body></html>"""

SCRIPT = """() => {
  // Jupyter sends bytes as they are; decoded letter by letter they would take longer than all the rest.
  const bytes = (text) => new DataView(Uint8Array.fromBase64 ? Uint8Array.fromBase64(text).buffer
    : Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const text = (buffer) => {
    const view = new Uint8Array(buffer.buffer ?? buffer); let raw = '';
    for (let i = 0; i < view.length; i += 32768) raw += String.fromCharCode(...view.subarray(i, i + 32768));
    return btoa(raw);
  };
  const models = new Map();
  class Model {
    constructor(id, state) {
      this.id = id; this.state = state; this.changed = {}; this.listeners = new Map(); this.dead = false; }
    get(name) { return this.state[name]; }
    set(name, value) {
      if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
      this.state[name] = value; this.changed[name] = value; this.emit('change:' + name);
    }
    save_changes() {
      if (this.dead) throw new Error('Cannot send');
      const state = this.changed; this.changed = {};
      if (Object.keys(state).length) window._push(this.id, { method: 'update', state, buffer_paths: [] }, []);
    }
    send(content, callbacks, buffers) {
      if (this.dead) throw new Error('Cannot send');
      window._push(this.id, { method: 'custom', content }, (buffers ?? []).map(text));
    }
    on(name, act) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), act]); }
    off(name, act) { this.listeners.set(name, (this.listeners.get(name) ?? []).filter((each) => each !== act)); }
    emit(name, ...values) { for (const act of this.listeners.get(name) ?? []) act(...values); }
  }
  function receive({ kind, id, state, content, buffers, buffer_paths }) {
    (buffer_paths ?? []).forEach((path, at) => {
      let inner = state; for (const step of path.slice(0, -1)) inner = inner[step];
      inner[path.at(-1)] = bytes(buffers[at]);
    });
    if (kind === 'open') { models.set(id, new Model(id, state)); return; }
    const model = models.get(id);
    if (!model) return;
    if (kind === 'update') {
      for (const [name, value] of Object.entries(state)) model.state[name] = value;
      for (const name of Object.keys(state)) model.emit('change:' + name);
    } else if (kind === 'custom') model.emit('msg:custom', content, buffers.map(bytes));
  }
  async function pull() { for (const message of await window._pull()) receive(message); setTimeout(pull, 10); }
  window.tk = {
    models, cleanups: [],
    async render(id, node, signal) {
      while (!models.has(id)) await new Promise((resolve) => setTimeout(resolve, 10));
      const model = models.get(id);
      const url = URL.createObjectURL(new Blob([model.get('_esm')], { type: 'text/javascript' }));
      const { default: widget } = await import(url);
      URL.revokeObjectURL(url);
      const style = document.createElement('style'); style.textContent = model.get('_css'); document.head.append(style);
      const host = { async getWidget(reference) {
        const inner = reference.replace(/^anywidget:/, '');
        return { render: ({ el, signal: until }) => tk.render(inner, el, until ?? signal) };
      } };
      const cleanup = await widget.render({ model, el: node, host, signal });
      signal.addEventListener('abort', () => { cleanup?.(); style.remove(); });
    },
    async mount(id, into) {
      const node = document.createElement('div'); (into ?? document.getElementById('views')).append(node);
      const controller = new AbortController();
      tk.cleanups.push(() => { controller.abort(); node.remove(); });
      await tk.render(id, node, controller.signal);
    },
  };
  pull();
}"""


class Bridge:
    """A page in which widgets of this process are shown."""

    def __init__(self, page, monkeypatch):
        self.page = page
        self.outgoing = SimpleQueue()
        self.errors, self.requests = [], []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: self.requests.append(asked.url))
        page.expose_function("_pull", self._pulled)
        page.expose_function("_push", self._pushed)
        bridge = self

        class Comm(BaseComm):
            def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_):
                bridge._published(self.comm_id, msg_type, data or {}, buffers or [])

        monkeypatch.setattr(comm, "create_comm", lambda *args, **keys: Comm(*args, **keys))
        page.set_content(PAGE)
        page.evaluate(SCRIPT)

    def _published(self, id, kind, data, buffers):
        encoded = [base64.b64encode(bytes(buffer)).decode() for buffer in buffers]
        if kind == "comm_open":
            opened = {"state": data["state"], "buffer_paths": data.get("buffer_paths", [])}
            self.outgoing.put({"kind": "open", "id": id, "buffers": encoded, **opened})
        elif kind == "comm_msg" and data["method"] in {"update", "custom"}:
            self.outgoing.put({"kind": data["method"], "id": id, "buffers": encoded, **data})

    def _pulled(self):
        messages = []
        while True:
            try:
                messages.append(self.outgoing.get_nowait())
            except Empty:
                return messages

    def _pushed(self, id, data, buffers):
        to = comm.get_comm_manager().get_comm(id)
        decoded = [memoryview(base64.b64decode(buffer)) for buffer in buffers]
        to.handle_msg({"content": {"comm_id": id, "data": data}, "buffers": decoded})

    def show(self, *widgets):
        """Show widgets one above the other."""
        for widget in widgets:
            self.page.evaluate("id => window.tk.mount(id)", widget.model_id)
        return self.page

    def restart(self):
        """As if the kernel had gone: whatever the page sends fails."""
        self.page.evaluate("() => window.tk.models.forEach((model) => { model.dead = true; })")


SETTLED = """async () => {
  const places = () => JSON.stringify([...document.querySelectorAll('.tk, .tk-cell')].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [x, y, width, height].map(Math.round); }));
  for (let before = '', same = 0; same < 3;) {
    await new Promise(requestAnimationFrame);
    const now = places(); same = now === before ? same + 1 : 0; before = now;
  }
}"""


def settled(page):
    """Wait until what was changed is drawn, and nothing moves from one frame to the next."""
    page.evaluate(SETTLED)


def eventually(bridge, condition):
    end = time.monotonic() + 30  # as long as Playwright waits
    while time.monotonic() < end:
        if condition():
            return
        bridge.page.wait_for_timeout(10)
    pytest.fail("it did not come to pass within 30 seconds")
