// The points of the map come as bytes, once for each map; the canvas draws them (map_canvas.js).
// Unpacked, they are: n as uint32, n float32 x, n float32 y, n uint8 groups, then lines of text: a key and n names.
export default async ({ data }) => {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const n = new Uint32Array(buffer, 0, 1)[0];
  const [key, ...names] = new TextDecoder().decode(new Uint8Array(buffer, 4 + 9 * n)).split("\n");
  window.filmscoreMapPoints = {
    key, n, names,
    x: new Float32Array(buffer, 4, n),
    y: new Float32Array(buffer, 4 + 4 * n, n),
    group: new Uint8Array(buffer, 4 + 8 * n, n),
  };
  window.dispatchEvent(new Event("filmscore-map-points"));
};
