"""A file dropped on, or pasted into, the query builder, as the browser tells of it."""

DROP = """([name, bytes, type, how]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  const node = document.querySelector('.tk-builder');
  const bubbling = { bubbles: true, cancelable: true };
  const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, ...bubbling })
    : new DragEvent('drop', { dataTransfer: transfer, ...bubbling });
  node.dispatchEvent(event);
}"""
