import type { Names } from './names.ts';
import { glob } from './glob.ts';
import type { Condition, Rule } from './policy.ts';
import type { RuleShape } from './shape.ts';

/** Throws nothing: what makes no sense is put down as a mistake. */
export function buildRule(shape: RuleShape, index: number, line: number, names: Names): Rule {
  const path = ['rules', index];
  const { command, effect, people, roles = [], rooms, times, confirm, approvals, because } = shape;
  const complain = (message: string): void => names.complain(path, message);
  const hasWho = people !== undefined || roles.length > 0;
  const asksMore = confirm !== undefined || approvals !== undefined;
  const label = `rule ${index + 1} (line ${line})`;
  const common = {
    label,
    opens: `open by ${label}`,
    commands: command,
    effect,
    conditions: conditionsOf(shape),
    people: people === undefined ? undefined : names.members([...path, 'people'], people),
    roles,
    rooms: rooms === undefined ? undefined : names.rooms([...path, 'rooms'], rooms),
    times,
    because,
  };
  if (shape.deny === true && shape.grant === true) complain('grants and denies');
  if (shape.deny === true || shape.grant === true) {
    if (asksMore) complain('confirm and approvals are for rules that neither grant nor deny');
    if (shape.grant === true && !hasWho) complain('grants something to nobody: say which people or roles');
    return { ...common, kind: shape.deny === true ? 'deny' : 'grant' };
  }
  if (!hasWho && rooms === undefined && times === undefined && !asksMore) {
    complain('asks for nothing: say people, roles, rooms, times, confirm, approvals, grant or deny');
  }
  return { ...common, kind: 'needs', confirm: confirm ?? false, approvals: approvals ?? 0 };
}

const conditionsOf = (shape: RuleShape): readonly Condition[] =>
  Object.entries(shape.with ?? {}).map(([parameter, values]) => {
    const wanted = values.map((each) =>
      typeof each === 'number' ? { text: String(each), fits: isNumber(each) } : glob(String(each)),
    );
    return {
      parameter,
      text: `${parameter}=${wanted.map(({ text }) => (text === '' ? '""' : text)).join(' or ')}`,
      isOptional: values.includes(''),
      wanted,
      fits: (value) => wanted.some((each) => each.fits(value)),
    };
  });

/** `5`, `05` and `5.0` are the same to whoever gets the number. */
const isNumber =
  (wanted: number) =>
  (value: string): boolean =>
    value.trim() !== '' && Number(value) === wanted;
