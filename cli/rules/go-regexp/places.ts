const isWord = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);

/** Tests of a place between two characters; either is -1 at the text's ends. */
export const PLACES = {
  textStart: (before: number) => before === -1,
  textEnd: (_: number, after: number) => after === -1,
  lineStart: (before: number) => before === -1 || before === 10,
  lineEnd: (_: number, after: number) => after === -1 || after === 10,
  wordEdge: (before: number, after: number) => isWord(before) !== isWord(after),
  insideWord: (before: number, after: number) => isWord(before) === isWord(after),
};
