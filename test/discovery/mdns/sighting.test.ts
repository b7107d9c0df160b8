import { expect, it } from 'vitest';
import { mdnsNames } from '../../../src/discovery/mdns/names.ts';
import type { Answer } from '../../../src/discovery/mdns/packet.ts';
import { sightings } from '../../../src/discovery/mdns/sighting.ts';
import { parseRecord } from '../../../src/discovery/record.ts';

it('reads a packet of thousands of records without looking all of them through for each', () => {
  let looks = 0;
  const counted = (answer: Answer): Answer => ({
    ...answer,
    get name() {
      looks += 1;
      return answer.name;
    },
  });
  const answers = Array.from({ length: 1000 }, (_, at) => [
    counted({ type: 'SRV', name: `other-${at}.micro`, data: { port: 1, target: 'vm' } }),
    counted({ type: 'TXT', name: `node-${at}.greeter.micro`, ttl: 120, data: [] }),
  ]).flat();
  const packet = { id: 0, questions: [], answers, additionals: [] };
  expect(sightings(packet, mdnsNames('micro'), parseRecord, () => {})).toEqual([]);
  expect(looks).toBeLessThan(20 * answers.length);
});
