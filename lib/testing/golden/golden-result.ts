/** What became of one golden case. */
export type GoldenResult =
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly reason: string }
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string };
