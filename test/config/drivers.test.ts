import { expect, test } from 'vitest';
import { globalFlags } from '../../src/config/flags.ts';
import { brokers } from '../../src/drivers/brokers.ts';
import { codecs } from '../../src/drivers/codecs.ts';
import { clients, servers } from '../../src/drivers/protocols.ts';
import { registries } from '../../src/drivers/registries.ts';
import { selectors } from '../../src/drivers/selectors.ts';
import { transports } from '../../src/drivers/transports.ts';

/** Another name of mucp, which the help need not teach. */
const unsaid = 'rpc';

test.each(
  Object.entries({
    broker: brokers,
    client: clients,
    codec: codecs,
    registry: registries,
    selector: selectors,
    server: servers,
    transport: transports,
  }),
)('the help of --%s names the drivers there are, and no others', (name, drivers) => {
  const usage = globalFlags.find((flag) => flag.name === name)?.usage ?? '';
  const said = usage.slice(usage.lastIndexOf('. ') + 2).split(', ');
  expect(said).toEqual(Object.keys(drivers).filter((driver) => driver !== unsaid));
});
