import { nameOf } from '../../model/series.js';
import { type Call, type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { jsonOfFreshness } from '../quality/json.js';
import { freshnessWords } from '../quality/words.js';
import type { Column } from '../screen/table.js';
import { bytes, count, many, moment, when } from '../screen/words.js';
import type { Derived, Held } from '../stored/inventory.js';
import { iso } from '../times.js';

const COLUMNS: readonly Column<Held>[] = [
  { title: 'dataset', of: h => h.series.dataset, spare: 3 },
  { title: 'class', of: h => h.series.assetClass, spare: 5 },
  { title: 'symbol', of: h => h.series.symbol },
  { title: 'timeframe', of: h => h.series.timeframe },
  { title: 'first', of: h => moment(h.first), spare: 2 },
  { title: 'last', of: h => moment(h.last) },
  { title: 'state', of: h => `${freshnessWords(h.freshness)}${h.heldSince === null ? '' : `; held at version ${h.heldSince}`}` },
  { title: 'rows', of: h => count(h.rows), right: true, spare: 1 },
  { title: 'size', of: h => bytes(h.bytes), right: true, spare: 6 },
  { title: 'versions', of: h => count(h.version + 1), right: true, spare: 7 },
  { title: 'last change', of: h => when(h.changedAt), spare: 4 },
];

export const list: Command = {
  name: 'list',
  about: 'what is in the data folder',
  more: 'The state counts bars that should be there: fresh, due (the next load brings it), stale, dead (behind by a session or more).',
  options: [JSON_OPTION],
  example: 'tapekeep list',
  exits: ['damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const { screen } = call;
      const held = await tapekeep.list();
      if (call.on('json')) {
        screen.json(held.map(jsonOf));
        return 'done';
      }
      const folder = tapekeep.settings.data;
      if (held.length === 0) {
        screen.say(`There is no series in ${folder} yet. tapekeep load <symbol> <timeframe> makes one.`);
        return 'done';
      }
      screen.table(COLUMNS, held);
      tellDerived(held, screen);
      const size = held.reduce((n, h) => n + h.bytes, 0);
      screen.say(
        screen.paint.dim(
          `${held.length} series, ${bytes(size)}, ${many(
            held.reduce((n, h) => n + h.rows, 0),
            'bar',
          )} in ${folder}`,
        ),
      );
      return 'done';
    }),
};

type DerivedRow = readonly [Held, Derived];
const DERIVED: readonly Column<DerivedRow>[] = [
  { title: 'computed from', of: ([h]) => nameOf(h.series) },
  { title: 'file', of: ([, d]) => d.file },
  { title: 'made from', of: ([, d]) => (d.madeFrom === null ? when(d.madeAt) : `version ${d.madeFrom}`) },
  { title: 'state', of: ([, d]) => (d.stale ? 'stale' : 'current') },
];

function tellDerived(held: readonly Held[], screen: Call['screen']): void {
  const rows = held.flatMap(h => h.derived.map((d): DerivedRow => [h, d]));
  if (rows.length > 0) screen.table(DERIVED, rows);
}

const jsonOf = ({ series, first, last, rows, bytes, version, changedAt, freshness, heldSince, derived }: Held) => ({
  ...series,
  first: iso(first),
  last: iso(last),
  rows,
  bytes,
  versions: version + 1,
  changedAt: iso(changedAt),
  freshness: freshness && jsonOfFreshness(freshness),
  heldSince,
  derived: derived.map(d => ({ ...d, madeAt: iso(d.madeAt) })),
});
