// Where the members of layers stand from left to right: near what they are tied to, in the order given, and
// apart from each other.

/** Points between neighbours. */
const GAP = 18;
/** Passes over all layers. */
const PASSES = 8;

/** Centres of all members. */
export function placeX(
  layers: readonly (readonly number[])[],
  widths: readonly number[],
  above: readonly (readonly number[])[],
  below: readonly (readonly number[])[],
): Float64Array {
  const x = new Float64Array(widths.length);
  for (const layer of layers) {
    let right = 0;
    for (const member of layer) {
      const width = widths[member] as number;
      x[member] = right + width / 2;
      right += width + GAP;
    }
    // Around the middle.
    for (const member of layer) x[member] = (x[member] as number) - (right - GAP) / 2;
  }
  for (let pass = 0; pass < PASSES; pass++) {
    const down = pass % 2 === 0;
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[down ? i : layers.length - 1 - i] as readonly number[];
      const ties = down ? above : below;
      const wanted = layer.map((member) => {
        const others = ties[member] as readonly number[];
        let sum = 0;
        for (const other of others) sum += x[other] as number;
        return others.length === 0 ? (x[member] as number) : sum / others.length;
      });
      apart(layer, widths, wanted).forEach((centre, at) => {
        x[layer[at] as number] = centre;
      });
    }
  }
  return x;
}

/**
 * The centres nearest to those wanted, in the sum of squares, that keep the order and the gaps. Less the room
 * that those to the left need at least, centres must not fall: where they would, neighbours share their mean.
 */
export function apart(layer: readonly number[], widths: readonly number[], wanted: readonly number[]): number[] {
  const room: number[] = [];
  let sum = 0;
  layer.forEach((member, i) => {
    const width = widths[member] as number;
    const before = i === 0 ? 0 : (widths[layer[i - 1] as number] as number);
    sum += i === 0 ? 0 : (before + width) / 2 + GAP;
    room.push(sum);
  });
  const blocks: { mean: number; count: number }[] = [];
  wanted.forEach((centre, i) => {
    let block = { mean: centre - (room[i] as number), count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.mean > block.mean; last = blocks.at(-1)) {
      const count = last.count + block.count;
      block = { mean: (last.mean * last.count + block.mean * block.count) / count, count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const centres: number[] = [];
  for (const { mean, count } of blocks) {
    for (let i = 0; i < count; i++) centres.push(mean + (room[centres.length] as number));
  }
  return centres;
}
