// Where the letters of a drawing are, and how far from all else that is drawn. Everything is in units of the drawing.
// bare: the drawing without texts. head: its opening tag. texts: its <text> elements. boxes: left, top, right, bottom.
async ({ bare, head, texts, families, boxes, width, height }) => {
  const DOTS = 2; // to the unit
  const W = width * DOTS, H = height * DOTS;
  const canvas = new OffscreenCanvas(W, H);
  const context = canvas.getContext("2d", { willReadFrequently: true });

  // Is this dot drawn? `rows` are the first and the last row (in units) that are looked at.
  async function ink(svg, [first, last] = [0, height]) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const rows = (last - first) * DOTS;
    context.clearRect(0, 0, W, H);
    context.drawImage(image, 0, first, width, last - first, 0, 0, W, rows);
    const { data } = context.getImageData(0, 0, W, rows);
    const dots = [];
    for (let i = 3, dot = first * DOTS * W; i < data.length; i += 4, dot++) if (data[i] > 40) dots.push(dot);
    return dots;
  }

  // Distance of each dot from the nearest that is drawn: about, by sums of steps to the side (1) and aslant.
  function distances(dots) {
    const far = new Float32Array(W * H).fill(1e6);
    for (const dot of dots) far[dot] = 0;
    const pass = (start, end, step) => {
      for (let y = start; y !== end; y += step)
        for (let i = 0; i < W; i++) {
          const x = step > 0 ? i : W - 1 - i, dot = y * W + x, before = dot - step * W;
          const inner = x > 0 && x < W - 1, inside = y !== start;
          let least = far[dot];
          if (i > 0) least = Math.min(least, far[dot - step] + 1);
          if (inside) least = Math.min(least, far[before] + 1);
          if (inside && inner) least = Math.min(least, far[before - 1] + Math.SQRT2, far[before + 1] + Math.SQRT2);
          far[dot] = least;
        }
    };
    pass(0, H, 1);
    pass(H - 1, -1, -1);
    return far;
  }

  function bounds(dots) {
    let [left, top, right, bottom] = [W, H, 0, 0];
    for (const dot of dots) {
      const x = dot % W, y = (dot - x) / W;
      left = Math.min(left, x); right = Math.max(right, x + 1);
      top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
    }
    return [left, top, right, bottom].map((place) => place / DOTS);
  }

  const drawn = await ink(bare);
  const far = distances(drawn);
  const letters = [];
  for (const family of families) {
    const inks = [];
    for (const { element, base, size } of texts) {
      const rows = [Math.max(0, Math.floor(base - 1.3 * size)), Math.min(height, Math.ceil(base + 0.6 * size))];
      inks.push(await ink(`${head.replace(/font-family="[^"]*"/, `font-family="${family}"`)}${element}</svg>`, rows));
    }
    const owner = new Int16Array(W * H).fill(-1);
    inks.forEach((dots, text) => dots.forEach((dot) => { owner[dot] = text; }));
    inks.forEach((dots, text) => {
      let clearance = 1e6, alone = dots.length > 0;
      for (const dot of dots) {
        clearance = Math.min(clearance, far[dot]);
        for (const near of [dot, dot + DOTS, dot - DOTS, dot + DOTS * W, dot - DOTS * W])
          if (near >= 0 && near < W * H && owner[near] !== text && owner[near] !== -1) alone = false;
      }
      letters.push({ text, family, bounds: bounds(dots), clearance: clearance / DOTS, alone });
    });
  }
  const covered = boxes.map(([left, top, right, bottom]) => drawn.some((dot) => {
    const x = (dot % W) / DOTS, y = Math.floor(dot / W) / DOTS;
    return x >= left && x < right && y >= top && y < bottom;
  }));
  const missing = families.filter((family) => {
    const length = (font) => { context.font = font; return context.measureText("Semimembranosus").width; };
    return length(`31px "${family}", monospace`) === length("31px monospace");
  });
  const corners = [0, W - 1, W * (H - 1), W * H - 1].filter((dot) => far[dot] === 0).length;
  return { letters, covered, missing, corners };
}
