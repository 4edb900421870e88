/** What to say to a prediction after the run; `right` and `predicted` count from 0, undefined is no prediction. */
export function verdictText(
  choices: readonly { readonly text: string }[],
  right: number,
  predicted: number | undefined,
): string {
  const answer = `${right + 1}, ${choices[right]?.text ?? ''}`;
  if (predicted === undefined) return `The answer is ${answer}.`;
  return predicted === right
    ? `Your prediction was right: ${answer}.`
    : `You predicted ${predicted + 1}; the run shows ${answer}.`;
}
