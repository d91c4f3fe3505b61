/** Figures that are not counted but looked up when somebody asks: loads by state, sources, the disk. */
import type { Client } from '@temporalio/client';
import type { Monitored } from './monitored.js';

/** As package.json has it; a test holds both together. */
const VERSION = '0.1.0';

export function lookUp({ settings, client, house, meter }: Pick<Monitored, 'settings' | 'client' | 'house' | 'meter'>): void {
  const { names } = house.providers;
  meter.set('tapekeep_info', 1, { version: VERSION });
  meter.set('tapekeep_disk_floor_bytes', settings.disk.floor * 1e9);
  meter.before(async () => meter.set('tapekeep_disk_free_bytes', await house.store.freeBytes()));
  meter.before(() => {
    for (const provider of names) {
      const { asked, failed } = house.health.of(provider);
      meter.set('tapekeep_provider_rest_seconds', house.health.restFor(provider) / 1_000, { provider });
      meter.set('tapekeep_provider_recent_requests', asked, { provider });
      meter.set('tapekeep_provider_recent_failures', failed, { provider });
      const { rests, leftToday } = house.sources.accountOf(provider);
      meter.set('tapekeep_provider_shut_seconds', (rests?.ms ?? 0) / 1_000, { provider });
      if (leftToday !== null) meter.set('tapekeep_provider_requests_left_today', leftToday, { provider });
    }
  });
  meter.before(async () => {
    const states = await loadsByState(client);
    meter.forget('tapekeep_loads');
    for (const [state, loads] of states) meter.set('tapekeep_loads', loads, { state });
  });
}

async function loadsByState(client: Client): Promise<Map<string, number>> {
  const { groups } = await client.workflow.count(`WorkflowType = 'loadSeries' GROUP BY ExecutionStatus`);
  return new Map(groups.map(({ count, groupValues }) => [String(groupValues[0]).toLowerCase(), count]));
}
