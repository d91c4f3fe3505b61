/**
 * What the Temporal UI can list loads by. Names only, all of them keywords: workflows set them, the server is told
 * of them at every start. Percentages are not among them: each change would be an event in the history.
 */
export const searchAttributes = {
  dataset: 'LoadDataset',
  assetClass: 'LoadAssetClass',
  symbol: 'LoadSymbol',
  timeframe: 'LoadTimeframe',
  provider: 'LoadProvider',
  kind: 'LoadKind',
  outcome: 'LoadOutcome',
} as const;

export type SearchAttributeName = (typeof searchAttributes)[keyof typeof searchAttributes];
