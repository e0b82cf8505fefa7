/**
 * Move one weight and let its unlocked fellows make room for it.
 *
 * Weights are percents that sum to 100. The fellows keep their proportions (shared equally when all of
 * them are zero) and are whole percents by largest remainder, ties in row order. Locked weights stay as
 * they are; when they are fractional, one fellow carries the fraction that is left.
 *
 * `values` are the weights when the gesture began, so moving down and back up restores them.
 *
 * @param {number[]} values weights in row order
 * @param {boolean[]} locked
 * @param {number} moved index of the weight that moves
 * @param {number} wanted where it should go
 * @returns {number[]} the new weights, a copy; the same as before when it cannot move
 */
export function rebalance(values, locked, moved, wanted) {
  const fellows = values.map((_, row) => row).filter((row) => row !== moved && !locked[row]);
  const result = [...values];
  if (locked[moved] || fellows.length === 0 || !Number.isFinite(wanted)) return result;

  const held = values.reduce((sum, value, row) => sum + (row !== moved && locked[row] ? value : 0), 0);
  const room = Math.max(0, tidy(100 - held));
  const target = Math.min(Math.max(Math.round(wanted), 0), room);
  if (target === values[moved]) return result;
  const rest = tidy(room - target);

  const before = fellows.reduce((sum, row) => sum + values[row], 0);
  const shares = fellows.map((row) => tidy(before > 0 ? (rest * values[row]) / before : rest / fellows.length));
  const parts = shares.map(Math.floor);
  const byRemainder = shares
    .map((share, place) => ({ place, remainder: tidy(share - parts[place]) }))
    .sort((a, b) => b.remainder - a.remainder || a.place - b.place);
  let spare = tidy(rest - parts.reduce((sum, part) => sum + part, 0));
  for (const { place } of byRemainder) {
    const given = Math.min(1, spare);
    parts[place] = tidy(parts[place] + given);
    spare = tidy(spare - given);
  }

  result[moved] = target;
  fellows.forEach((row, place) => {
    result[row] = parts[place];
  });
  return result;
}

/** Rounding noise out of sums of decimal fractions: 43.75000000000001 is 43.75. */
function tidy(number) {
  return Math.round(number * 1e9) / 1e9;
}
