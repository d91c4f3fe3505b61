/** Every figure of ours that /metrics tells: its name, its labels, what it says. docs/operations.md shows the same. */
export interface Figure {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

const counter = (help: string, ...labels: string[]): Figure => ({ kind: 'counter', labels, help });
const gauge = (help: string, ...labels: string[]): Figure => ({ kind: 'gauge', labels, help });
const histogram = (help: string, ...labels: string[]): Figure => ({ kind: 'histogram', labels, help });

export const FIGURES = {
  tapekeep_requests_total: counter(
    'Requests to a source; outcome is fine, none, a code of docs/errors.md, or unanswered',
    'provider',
    'outcome',
  ),
  tapekeep_request_seconds: histogram('How long a source took to answer', 'provider'),
  tapekeep_answer_bytes_total: counter('Bytes of answers, unpacked', 'provider'),
  tapekeep_fetched_bars_total: counter('Bars that came from a source', 'provider'),
  tapekeep_provider_rest_seconds: gauge('How long a source is left alone by its breaker; 0: it is asked', 'provider'),
  tapekeep_provider_recent_requests: gauge('Pages asked of a source in the last ten minutes', 'provider'),
  tapekeep_provider_recent_failures: gauge('Those of them that failed', 'provider'),
  tapekeep_provider_shut_seconds: gauge('How long nobody asks a source, because it said so or its limit is spent', 'provider'),
  tapekeep_provider_requests_left_today: gauge('Requests of the running day that are left, where a source grants so many', 'provider'),
  tapekeep_step_seconds: histogram('How long one attempt of a step took', 'step'),
  tapekeep_step_failures_total: counter('Attempts of a step that failed, by their code', 'step', 'code'),
  tapekeep_step_retries_total: counter('Attempts of a step after its first; provider is empty where none is concerned', 'step', 'provider'),
  tapekeep_commits_total: counter('Commits by how they ended: committed, already, unchanged, raced', 'outcome'),
  tapekeep_committed_bars_total: counter('Bars of commits: added, replaced', 'kind'),
  tapekeep_loads: gauge('Loads that the server knows, by state', 'state'),
  tapekeep_series: gauge('Series in the data folder'),
  tapekeep_series_left_out: gauge('Series that have no figures of their own here, because there are too many'),
  tapekeep_series_bars: gauge('Bars of a series', 'series'),
  tapekeep_series_bytes: gauge('Bytes of its files; divided by its bars, how well they are packed', 'series'),
  tapekeep_series_newest_timestamp_seconds: gauge('The newest stored bar', 'series'),
  tapekeep_series_behind_bars: gauge('Expected bars after the newest that is stored', 'series'),
  tapekeep_series_stale: gauge('1: further behind than is usual; 0: not', 'series'),
  tapekeep_series_quality_score: gauge('Score, 0 to 100, of the sessions that the newest versions touched', 'series'),
  tapekeep_disk_free_bytes: gauge('Free space where the tables lie'),
  tapekeep_disk_floor_bytes: gauge('Free space below which loads wait (disk.floor)'),
  tapekeep_loop_stalls_total: counter('How often the event loop of the daemon stood still for longer than a second'),
  tapekeep_loop_longest_stall_seconds: gauge('The longest time it stood still since the start'),
  tapekeep_clock_jumps_total: counter('How often the clock of the machine was set: back, or ahead (or the machine slept)', 'direction'),
  tapekeep_notices_total: counter('Notices by kind and how it went: sent, failed', 'kind', 'result'),
  tapekeep_info: gauge('Always 1; its label tells the version', 'version'),
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof FIGURES;
