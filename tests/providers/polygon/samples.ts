/** Answers in the shapes of Polygon, with numbers of our own. */

/** Two days around the change to summer time: midnight in New York is 05:00Z, then 04:00Z. */
export const twoDays = {
  ticker: 'ACME',
  queryCount: 2,
  resultsCount: 2,
  adjusted: false,
  results: [
    { v: 1.25e6, vw: 10.1, o: 10, c: 10.5, h: 10.75, l: 9.75, t: Date.UTC(2024, 2, 8, 5), n: 412 },
    { v: 900000.0, vw: 10.6, o: 10.5, c: 10.25, h: 11, l: 10, t: Date.UTC(2024, 2, 11, 4), n: 377 },
  ],
  status: 'OK',
  request_id: 'sample',
  count: 2,
};

/** A page that is not the last one: what comes after the question mark is all that is known of the next. */
export const firstPage = {
  ...twoDays,
  next_url: 'https://api.massive.com/v2/aggs/ticker/ACME/range/1/day/1709874000000/1710216000000?cursor=c2FtcGxl',
};

export const noBars = { ticker: 'ACME', queryCount: 0, resultsCount: 0, adjusted: false, status: 'OK', request_id: 'sample', count: 0 };
