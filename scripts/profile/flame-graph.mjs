const width = 1400;
const rowHeight = 17;
const smallestWidth = 0.5;
const charWidth = 6.6;

/** A tree of calls as a picture: a call is as wide as its time, what it calls stands on it. Names show when the pointer rests on them. */
export function flameGraph(root, title) {
  const rects = [];
  let depth = 0;
  const draw = (node, left, level) => {
    const wide = (node.totalMs / root.totalMs) * width;
    if (wide < smallestWidth) return;
    depth = Math.max(depth, level);
    rects.push({ left, level, wide, node });
    let at = left;
    for (const child of node.children.toSorted((a, b) => b.totalMs - a.totalMs)) {
      draw(child, at, level + 1);
      at += (child.totalMs / root.totalMs) * width;
    }
  };
  draw(root, 0, 0);
  const height = (depth + 2) * rowHeight;
  const body = rects.map((rect) => boxOf(rect, height, root.totalMs)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="11">
<text x="4" y="12">${escape(title)}: ${root.totalMs.toFixed(0)} ms</text>
${body}
</svg>
`;
}

function boxOf({ left, level, wide, node }, height, totalMs) {
  const y = height - (level + 1) * rowHeight;
  const room = Math.floor((wide - 4) / charWidth);
  const label =
    room < 3 ? '' : `<text x="${(left + 2).toFixed(1)}" y="${y + 12}">${escape(node.where.slice(0, room))}</text>`;
  const share = `${node.totalMs.toFixed(1)} ms, ${((node.totalMs / totalMs) * 100).toFixed(1)} %`;
  return `<g><title>${escape(node.where)}: ${share}</title><rect x="${left.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${rowHeight - 1}" fill="${colourOf(node.where)}"/>${label}</g>`;
}

/** The same for the same name. */
function colourOf(name) {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  return `hsl(${20 + (Math.abs(hash) % 40)} 80% ${60 + (Math.abs(hash >> 8) % 20)}%)`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
