import { describe, expect, it } from 'vitest';
import type { About, AuditFilter, AuditRecord, Outcome } from '../../src/audit/audit.ts';
import type { KeptAudit } from '../../src/audit/kept.ts';

/** One that is empty, closed at the end of the test. */
export type NewAudit = (now: () => number) => Promise<KeptAudit>;

export const about = (id: string, more: Partial<About> = {}): About => ({
  id,
  person: 'ann',
  input: 'slack',
  user: 'U1',
  room: 'C1',
  command: 'deploy',
  line: 'deploy billing',
  isMasked: false,
  cause: 'message',
  decision: 'role release',
  ...more,
});

/** What every audit does. */
export function auditContract(name: string, make: NewAudit): void {
  describe(`${name} as an audit`, () => {
    const open = async (): Promise<Scene> => {
      let now = Date.parse('2026-11-21T12:00:00.000Z');
      const audit = await make(() => now);
      return {
        audit,
        at: (text) => {
          now = Date.parse(text);
        },
        run: async (id, more, outcome) => {
          await audit.write({ kind: 'started', ...about(id, more) });
          if (outcome !== undefined) await audit.write({ kind: 'ended', id, outcome, durationMs: 5 });
        },
        found: async (filter, most = 100) => (await audit.find(filter, most)).map(told),
      };
    };

    it('gives back what was written, in order, chained', async () => {
      const { audit } = await open();
      const events = [
        {
          kind: 'started' as const,
          ...about('1', { thread: 't', message: 'm', approvers: ['slack:U2'], service: 's' }),
        },
        { kind: 'denied' as const, ...about('2', { endpoint: 'E.F', version: '1', isMasked: true }) },
        {
          kind: 'ended' as const,
          id: '1',
          outcome: 'failed' as const,
          durationMs: 1.5,
          node: 'n',
          version: '2',
          error: 'no',
        },
        { kind: 'note' as const, what: 'link', person: 'ann', details: { to: 'xmpp:ann@x', 'a "b"': '' } },
      ];
      for (const event of events) await audit.write(event);
      const records = await audit.find({}, 100);
      expect(records.map(eventOf)).toEqual(events);
      expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(records.map(({ at }) => at)).toEqual(Array(4).fill('2026-11-21T12:00:00.000Z'));
      expect(records.map(({ previous }) => previous)).toEqual([
        '0'.repeat(64),
        ...records.slice(0, 3).map(({ hash }) => hash),
      ]);
      expect(audit.head).toEqual({ seq: 4, hash: records[3]?.hash });
    });

    it.each([
      ['quotes and breaks', 'deploy "a\\b" \n\r\n\t\'c\''],
      ['what steers a terminal', '\u001b[2J\u009b31m\u202eabc\u2028\u0000'],
      ['every plane', 'zażółć 日本 🙂 \ud83d\ude00'],
      ['half a letter', 'a\ud800b'],
      ['what looks like a record', '"},"previous":"","hash":""}\n{"seq":9,"kind":"ended"'],
    ])('keeps any text as it is: %s', async (_, line) => {
      const { audit, run } = await open();
      await run('1', { line, person: line, command: line });
      expect(await audit.find({ person: line, command: line }, 5)).toMatchObject([
        { line, person: line, command: line },
      ]);
      expect((await audit.verify()).isWhole).toBe(true);
    });

    it('finds by what an invocation was about: its beginning and its end together', async () => {
      const { run, found } = await open();
      await run('1', { person: 'ann', command: 'deploy', room: 'C1', service: 'billing' }, 'done');
      await run('2', { person: 'ben', command: 'scale', room: 'C2' }, 'failed');
      await run('3', { person: 'ann', command: 'deploy', room: 'C2' });
      expect(await found({ person: 'ann' })).toEqual(['started 1', 'ended 1', 'started 3']);
      expect(await found({ person: 'Ann' })).toEqual([]);
      expect(await found({ command: 'scale' })).toEqual(['started 2', 'ended 2']);
      expect(await found({ room: 'C2', command: 'deploy' })).toEqual(['started 3']);
      expect(await found({ service: 'billing' })).toEqual(['started 1', 'ended 1']);
      expect(await found({ outcome: 'failed' })).toEqual(['started 2', 'ended 2']);
      expect(await found({ outcome: 'failed', person: 'ann' })).toEqual([]);
      expect(await found({ id: '3' })).toEqual(['started 3']);
    });

    it('finds denials by their outcome, and notes by their person', async () => {
      const { audit, found } = await open();
      await audit.write({ kind: 'denied', ...about('1') });
      await audit.write({ kind: 'note', what: 'link', person: 'ben', details: {} });
      expect(await found({ outcome: 'denied' })).toEqual(['denied 1']);
      expect(await found({ outcome: 'done' })).toEqual([]);
      expect(await found({ person: 'ben' })).toEqual(['note link']);
      expect(await found({ command: 'deploy' })).toEqual(['denied 1']);
      expect(await found({ id: '1', room: 'C1' })).toEqual(['denied 1']);
    });

    it('finds by time what began or ended then', async () => {
      const { at, audit, run, found } = await open();
      await run('1');
      at('2026-11-21T13:00:00.000Z');
      await run('2', {}, 'done');
      at('2026-11-21T14:00:00.000Z');
      await audit.write({ kind: 'ended', id: '1', outcome: 'cancelled', durationMs: 7_200_000 });
      const hour = (text: string): number => Date.parse(`2026-11-21T${text}Z`);
      expect(await found({ since: hour('13:30:00') })).toEqual(['started 1', 'ended 1']);
      expect(await found({ until: hour('12:30:00') })).toEqual(['started 1', 'ended 1']);
      expect(await found({ since: hour('12:30:00'), until: hour('13:30:00') })).toEqual(['started 2', 'ended 2']);
      expect(await found({ since: hour('13:00:00'), until: hour('13:00:00') })).toEqual(['started 2', 'ended 2']);
      expect(await found({ since: hour('15:00:00') })).toEqual([]);
      at('2026-12-21T14:00:00.000Z');
      await run('3');
      expect(await found({ since: Date.parse('2026-12-20T00:00:00.000Z') })).toEqual(['started 3']);
    });

    it('gives the newest, also of invocations that ran long', async () => {
      const { audit, run, found } = await open();
      await run('1', { person: 'ben' });
      for (let id = 2; id < 12; id += 1) await run(String(id), {}, 'done');
      await audit.write({ kind: 'ended', id: '1', outcome: 'done', durationMs: 1 });
      expect(await found({}, 3)).toEqual(['started 11', 'ended 11', 'ended 1']);
      expect(await found({ person: 'ben' }, 1)).toEqual(['ended 1']);
      expect(await found({ person: 'ann' }, 2)).toEqual(['started 11', 'ended 11']);
      expect(await found({}, 0)).toEqual([]);
    });

    it('is whole, and its head is found again', async () => {
      const { audit, run } = await open();
      expect(await audit.verify()).toMatchObject({ records: 0, first: undefined, last: undefined, isWhole: true });
      await run('1', {}, 'done');
      const { head } = audit;
      await run('2');
      expect(await audit.verify(head.hash)).toMatchObject({
        records: 3,
        first: { seq: 1 },
        last: audit.head,
        breaks: [],
        torn: undefined,
        unfinished: [{ kind: 'started', id: '2' }],
        found: 2,
        isWhole: true,
      });
      expect(await audit.verify('f'.repeat(64))).toMatchObject({ found: undefined, isWhole: false });
    });

    it('keeps the order of many who write at once', async () => {
      const { audit } = await open();
      const ids = Array.from({ length: 2_000 }, (_, index) => String(index + 1));
      await Promise.all(ids.map((id) => audit.write({ kind: 'started', ...about(id) })));
      const records = await audit.find({}, 2_000);
      expect(records.map((record) => record.kind === 'started' && record.id)).toEqual(ids);
      expect((await audit.verify()).isWhole).toBe(true);
    });

    it('takes nothing when it is closed', async () => {
      const { audit } = await open();
      await audit.close();
      await audit.close();
      await expect(audit.write({ kind: 'denied', ...about('1') })).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}

interface Scene {
  readonly audit: KeptAudit;
  /** The time is another now. */
  readonly at: (text: string) => void;
  readonly run: (id: string, more?: Partial<About>, outcome?: Outcome) => Promise<void>;
  readonly found: (filter: AuditFilter, most?: number) => Promise<readonly string[]>;
}

export const told = (record: AuditRecord): string =>
  `${record.kind} ${record.kind === 'note' ? record.what : record.id}`;

const own = new Set(['seq', 'at', 'previous', 'hash']);
const eventOf = (record: AuditRecord): unknown =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !own.has(name)));
