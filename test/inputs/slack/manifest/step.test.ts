import { assert, property, stringMatching, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appManifest } from '../../../../src/inputs/slack/manifest/manifest.ts';
import type { SlashCommand, SlashEntry } from '../../../../src/inputs/slack/manifest/slash.ts';
import { type Exported, type StepOptions, stepTo } from '../../../../src/inputs/slack/manifest/step.ts';
import { wanting } from './wanting.ts';

const options: StepOptions = { own: 'micro', goneSince: new Map(), now: 1000, keepMs: 100 };
const byHand: SlashEntry = { command: '/lunch', description: 'What is there to eat?', should_escape: true };

const app = (commands: readonly SlashCommand[], others: readonly SlashEntry[] = []): Exported => {
  const { manifest } = appManifest({ name: 'micro', commands, mode: { kind: 'socket' } });
  const { features } = manifest;
  return { ...manifest, features: { ...features, slash_commands: [...(features.slash_commands ?? []), ...others] } };
};
const entriesOf = (manifest: Exported | undefined): readonly SlashEntry[] =>
  (manifest?.['features'] as { readonly slash_commands?: readonly SlashEntry[] } | undefined)?.slash_commands ?? [];
const namesIn = (manifest: Exported | undefined): readonly string[] =>
  entriesOf(manifest).map(({ command }) => command);

describe("an app's manifest", () => {
  it('that has what is wanted stays, in whatever order and form Slack writes it', () => {
    const exported = app([wanting('deploy'), wanting('refund', { usage: '' })]);
    const slack_commands = entriesOf(exported)
      .toReversed()
      .map((entry) => ({ usage_hint: '', ...entry }));
    const written = { ...exported, features: { slash_commands: slack_commands } };
    const wanted = [wanting('refund', { usage: '' }), wanting('deploy')];
    expect(stepTo(written, wanted, options)).toMatchObject({ manifest: undefined, nextAt: undefined });
  });

  it('gets what is new, and keeps everything that was made by hand', () => {
    const exported = { ...app([wanting('refund')], [byHand]), _metadata: { major_version: 1 }, functions: { a: 1 } };
    const { manifest } = stepTo(exported, [wanting('deploy'), wanting('refund')], options);
    expect(namesIn(manifest)).toEqual(['/micro', '/lunch', '/deploy', '/refund']);
    expect(entriesOf(manifest)[1]).toEqual(byHand);
    expect({ ...manifest, features: undefined }).toEqual({ ...exported, features: undefined });
  });

  it('gets a new description and usage', () => {
    const { manifest } = stepTo(app([wanting('refund')]), [wanting('refund', { usage: 'id' })], options);
    expect(entriesOf(manifest)[1]).toMatchObject({ command: '/refund', usage_hint: 'id' });
  });

  it('keeps a command that somebody took over by hand, also when its service goes', () => {
    const mine: SlashEntry = { command: '/refund', description: 'Ask Ann before', should_escape: false };
    const exported = app([], [mine]);
    expect(stepTo(exported, [wanting('refund')], options).manifest).toBeUndefined();
    expect(stepTo(exported, [], { ...options, keepMs: 0 }).manifest).toBeUndefined();
  });

  it('does not get back the command of the bot that somebody took out', () => {
    const exported: Exported = { ...app([]), features: {} };
    expect(namesIn(stepTo(exported, [wanting('refund')], options).manifest)).toEqual(['/refund']);
  });

  it('has no list of commands when none is left: Slack does not take an empty one', () => {
    const exported: Exported = {
      ...app([]),
      features: { slash_commands: entriesOf(app([wanting('refund')])).slice(1) },
    };
    expect(stepTo(exported, [], { ...options, keepMs: 0 }).manifest?.['features']).toEqual({});
  });

  it('keeps what is gone for a moment', () => {
    const exported = app([wanting('refund')]);
    const first = stepTo(exported, [], options);
    expect(first).toMatchObject({ manifest: undefined, nextAt: 1100 });
    const soon = stepTo(exported, [], { ...options, now: 1099, goneSince: first.goneSince });
    expect(soon).toMatchObject({ manifest: undefined, nextAt: 1100 });
    const back = stepTo(exported, [wanting('refund')], { ...options, now: 1099, goneSince: first.goneSince });
    expect(back).toMatchObject({ manifest: undefined, nextAt: undefined, goneSince: new Map() });
    const later = stepTo(exported, [], { ...options, now: 1100, goneSince: first.goneSince });
    expect(namesIn(later.manifest)).toEqual(['/micro']);
    expect(later.nextAt).toBeUndefined();
  });

  it('has room for fifty: what is there stays, what is gone makes room, the rest is told', () => {
    const many = Array.from({ length: 60 }, (_, at) => wanting(`run-${String(at).padStart(2, '0')}`));
    const there = wanting('zoo');
    const step = stepTo(app([there, wanting('gone')]), [...many, there], options);
    expect(namesIn(step.manifest)).toHaveLength(50);
    expect(namesIn(step.manifest)).toContain('/zoo');
    expect(namesIn(step.manifest)).not.toContain('/gone');
    expect(step.refused).toHaveLength(12);
  });

  const url = 'https://bot.example.com/slack/events';
  it.each([
    ['of the other commands', { features: { slash_commands: [{ command: '/x', description: 'x', url }] } }],
    ['of the events', { settings: { event_subscriptions: { request_url: url } } }],
    ['of the interactions', { settings: { interactivity: { request_url: url } } }],
  ])('over HTTP takes the address %s', (_where, exported) => {
    const { manifest } = stepTo(exported, [wanting('refund')], options);
    expect(entriesOf(manifest).at(-1)).toMatchObject({ command: '/refund', url });
  });

  it('of garbage is dealt with', () => {
    for (const exported of [
      {},
      { features: null },
      { features: { slash_commands: 'x' } },
      { features: { slash_commands: [null, 1, [], {}, { command: 7 }] }, settings: [] },
    ]) {
      expect(entriesOf(stepTo(exported, [wanting('refund')], options).manifest).at(-1)?.command).toBe('/refund');
    }
  });

  it('is right after one step, never loses what people made, and never has more than fifty', () => {
    const names = uniqueArray(stringMatching(/^[a-z]{1,3}$/), { maxLength: 60 });
    assert(
      property(names, names, names, (before, now, others) => {
        const hand = others.slice(0, 10).map((name) => ({ ...byHand, command: `/${name}` }));
        const exported = app(
          before
            .filter((name) => !others.includes(name))
            .slice(0, 30)
            .map((name) => wanting(name)),
          hand,
        );
        const wanted = now.map((name) => wanting(name, { service: 'other' }));
        const step = stepTo(exported, wanted, { ...options, keepMs: 0 });
        const after = step.manifest ?? exported;
        expect(stepTo(after, wanted, { ...options, keepMs: 0 }).manifest).toBeUndefined();
        expect(entriesOf(after)).toEqual(expect.arrayContaining(hand));
        expect(entriesOf(after).length).toBeLessThanOrEqual(50);
        expect(new Set(namesIn(after)).size).toBe(entriesOf(after).length);
        const left = new Set(step.refused.map(({ command }) => command.name));
        for (const name of now) expect(namesIn(after).includes(`/${name}`)).toBe(!left.has(name));
      }),
    );
  });
});
