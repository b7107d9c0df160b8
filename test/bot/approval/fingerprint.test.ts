import { constantFrom, dictionary, property, record, string, array, assert as check } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, type PlannedStage } from '../../../src/bot/approval/fingerprint.ts';
import { typedLine } from '../../../src/bot/line.ts';

const stage = (
  text: string,
  more: Partial<PlannedStage['plan']> = {},
  options: PlannedStage['planned']['options'] = {},
  command = 'deploy',
): PlannedStage => ({
  command,
  planned: { args: typedLine(text), options },
  plan: { parameters: new Map(), ...more },
});
const target = { service: 'deployer', endpoint: 'Deploy.Run', version: '1.0.0' };

describe('the fingerprint of a line', () => {
  it('is the same for the same, in whatever order options and parameters were read', () => {
    const one = stage(
      'billing',
      {
        parameters: new Map([
          ['a', ['1']],
          ['b', ['2']],
        ]),
      },
      { x: '1', y: true },
    );
    const other = stage(
      'billing',
      {
        parameters: new Map([
          ['b', ['2']],
          ['a', ['1']],
        ]),
      },
      { y: true, x: '1' },
    );
    expect(fingerprint([one])).toBe(fingerprint([other]));
    expect(fingerprint([one])).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, PlannedStage]>([
    ['another command', stage('billing prod', { target }, {}, 'destroy')],
    ['another argument', stage('billing test', { target })],
    ['words that are divided otherwise', stage('"billing prod"', { target })],
    ['one more word', stage('billing prod now', { target })],
    ['other spacing in a text', stage('billing  prod', { target })],
    ['an option', stage('billing prod', { target }, { force: true })],
    ['a parameter', stage('billing prod', { target, parameters: new Map([['env', ['prod']]]) })],
    ['another service', stage('billing prod', { target: { ...target, service: 'evil' } })],
    ['another endpoint', stage('billing prod', { target: { ...target, endpoint: 'Deploy.Purge' } })],
    ['another version of the service', stage('billing prod', { target: { ...target, version: '1.0.1' } })],
    ['no service', stage('billing prod')],
  ])('is another one for %s', (_, changed) => {
    expect(fingerprint([changed])).not.toBe(fingerprint([stage('billing prod', { target })]));
  });

  it('is another one for an option that is text, and for one that is a list', () => {
    const of = (value: string | boolean | readonly string[]): string => fingerprint([stage('', {}, { x: value })]);
    expect(new Set([of('true'), of(true), of(['true']), of(['t', 'rue']), of('["true"]')]).size).toBe(5);
  });

  it('counts what stands behind a pipe, and where it stands', () => {
    const [one, two] = [stage('a'), stage('b')];
    expect(new Set([[one], [one, two], [two, one], []].map(fingerprint)).size).toBe(4);
  });

  it('reads a text whose quote is never closed', () => {
    expect(fingerprint([stage('{"a": "don\'t}')])).not.toBe(fingerprint([stage('{"a": "don\'t} ]')]));
  });

  it('is the same for no two lines that differ', () => {
    const letters = string({ unit: constantFrom('a', '"', ',', '[', ']', '=', '\\', ' ', '\ud800'), maxLength: 5 });
    const lists = dictionary(letters, array(letters, { maxLength: 2 }), { maxKeys: 2 });
    const stages = record({ command: letters, rest: letters, options: lists, parameters: lists, version: letters });
    check(
      property(stages, stages, (one, other) => {
        const [a, b] = [one, other].map(({ command, rest, options, parameters, version }) => ({
          same: JSON.stringify([command, rest.trim(), sorted(options), sorted(parameters), version]),
          print: fingerprint([
            stage(
              rest,
              { parameters: new Map(Object.entries(parameters)), target: { ...target, version } },
              options,
              command,
            ),
          ]),
        }));
        expect(a?.print === b?.print).toBe(a?.same === b?.same);
      }),
    );
  });
});

const sorted = (values: Readonly<Record<string, readonly string[]>>): unknown =>
  Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
