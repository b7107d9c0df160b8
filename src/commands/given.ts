import { elementType, isList } from './convert.ts';
import type { Spot } from './complaint.ts';
import { findParameter, type Parameter } from './parameter.ts';
import { nearest } from './suggest.ts';

/** A value as it was typed, and where. */
export interface GivenWord extends Spot {
  readonly text: string;
}

/** What was given to each parameter, in order. */
export interface Given {
  readonly words: ReadonlyMap<Parameter, readonly GivenWord[]>;
  /** `--` was among the words: what is put behind them is no name any more. */
  readonly isLiteral: boolean;
}

/** Says what is wrong, and where. */
export type Fail = (message: string, spot: Spot) => never;

const named = /^([A-Za-z_][\w.-]*)=([\s\S]*)$/;
const option = /^--([^=]*)(?:=([\s\S]*))?$/;
const letter = /^-([A-Za-z])(?:=([\s\S]*))?$/;
const negated = /^no-?(.+)$/i;
/** For who asks as in a shell, where help comes last. */
const asHelp = 'say "help" and then the command';
const truth = /^(?:true|false|yes|no|on|off)$/i;

/**
 * Gives words to parameters. `hide` is told of each word that is not to be repeated, and from where on, before anything is said of it.
 */
export function giveWords(
  parameters: readonly Parameter[],
  words: readonly string[],
  fail: Fail,
  hide: (index: number, offset: number) => void,
): Given {
  const given = new Map<Parameter, GivenWord[]>();
  const positional = parameters.filter(({ isPositional }) => isPositional);
  /** A word in the wrong place may be one. */
  const hasSecrets = parameters.some(({ isSecret }) => isSecret);
  let isLiteral = false;

  const give = (parameter: Parameter, text: string, index: number, offset: number): void => {
    if (parameter.isSecret) hide(index, offset);
    const values = given.get(parameter);
    if (values === undefined) given.set(parameter, [{ text, index, offset }]);
    else if (isList(parameter.type)) values.push({ text, index, offset });
    else fail(`${parameter.name} is given twice`, { index, offset: 0 });
  };
  const next = (): Parameter | undefined =>
    positional.find((each) => !given.has(each)) ?? positional.findLast(({ type }) => isList(type));
  const giveNext = (text: string, index: number): void => {
    const parameter = next();
    if (parameter !== undefined) give(parameter, text, index, 0);
    else {
      if (hasSecrets) hide(index, 0);
      fail(`one word too many${hasSecrets ? '' : `: ${text}`}`, { index, offset: 0 });
    }
  };
  const unknown = (name: string, index: number, valueAt: number): never => {
    if (hasSecrets && valueAt > 0) hide(index, valueAt);
    const meant = near(parameters, name);
    const hint = meant === undefined ? (name === 'help' ? `: ${asHelp}` : '') : `, did you mean ${meant}?`;
    return fail(`unknown parameter ${name}${hint}`, { index, offset: 0 });
  };
  /** Gives a named parameter its value: from the same word, from the next, or `true`. Returns how many words that took. */
  const giveNamed = (parameter: Parameter, shown: string, value: string | undefined, index: number): number => {
    if (value !== undefined) {
      give(parameter, value, index, shown.length + 1);
      return 1;
    }
    const following = words[index + 1];
    if (parameter.type === 'bool') {
      if (following !== undefined && truth.test(following)) {
        // Elsewhere it would be its value, and here a word of its own: nobody means both.
        fail(`write ${shown}=${following}, or -- before ${following} where it is a word of its own`, {
          index: index + 1,
          offset: 0,
        });
      }
      give(parameter, 'true', index, 0);
      return 1;
    }
    if (following === undefined || following.startsWith('--')) {
      return fail(`${shown} has no value`, { index, offset: 0 });
    }
    give(parameter, following, index + 1, 0);
    return 2;
  };
  const giveOption = (word: string, name: string, value: string | undefined, index: number): number => {
    const parameter = findParameter(parameters, name);
    if (parameter !== undefined) return giveNamed(parameter, `--${name}`, value, index);
    const off = findParameter(parameters, negated.exec(name)?.[1] ?? '');
    if (off?.type !== 'bool') return unknown(name, index, value === undefined ? 0 : name.length + 3);
    if (value !== undefined) return fail(`${word.slice(0, name.length + 2)} takes no value`, { index, offset: 0 });
    give(off, 'false', index, 0);
    return 1;
  };
  /** `a=b` where nobody knows an `a`: a mistyped name, or a word like any other. */
  const giveUnnamed = (word: string, name: string, index: number): void => {
    const place = next();
    const isText = place !== undefined && place.meaning === undefined && elementType(place.type) === 'string';
    if (isText && near(parameters, name) === undefined) giveNext(word, index);
    else unknown(name, index, name.length + 1);
  };
  const takePlain = (word: string, index: number): void => {
    const [isNamed, key = '', text = ''] = (word.includes('=') ? named.exec(word) : undefined) ?? [];
    const parameter = isNamed === undefined ? undefined : findParameter(parameters, key);
    if (parameter !== undefined) give(parameter, text, index, key.length + 1);
    else if (isNamed !== undefined) giveUnnamed(word, key, index);
    else giveNext(word, index);
  };
  const noOption = (word: string, index: number): never => {
    const name = word.slice(1).split('=', 1).join('');
    const meant = findParameter(parameters, name);
    // A name of theirs is no secret; anything else may be one.
    const known = meant === undefined ? 2 : name.length + 1;
    if (hasSecrets && word.length > known) hide(index, known);
    const shown = hasSecrets || meant !== undefined ? word.slice(0, known) : word;
    const isRunOn = word.length > 2 && parameters.some(({ short }) => short === word.charAt(1));
    const hint =
      meant !== undefined
        ? `did you mean --${meant.name}?`
        : word === '-h'
          ? asHelp
          : isRunOn
            ? `what is given to -${word.charAt(1)} stands apart from it`
            : 'names are written --name; what only looks like one stands behind --';
    return fail(`unknown option ${shown}${meant === undefined ? ':' : ','} ${hint}`, { index, offset: 0 });
  };
  /** Returns how many words it took. */
  const take = (word: string, index: number): number => {
    if (isLiteral || word === '--') {
      if (isLiteral) giveNext(word, index);
      isLiteral = true;
      return 1;
    }
    if (!word.startsWith('-')) {
      takePlain(word, index);
      return 1;
    }
    const [isOption, name = '', value] = option.exec(word) ?? [];
    if (isOption !== undefined) return giveOption(word, name, value, index);
    const [isLetter, short = '', attached] = letter.exec(word) ?? [];
    const byLetter = isLetter === undefined ? undefined : parameters.find((each) => each.short === short);
    if (byLetter !== undefined) return giveNamed(byLetter, `-${short}`, attached, index);
    if (/^-[A-Za-z]/.test(word)) return noOption(word, index);
    giveNext(word, index);
    return 1;
  };

  for (let index = 0; index < words.length; ) index += take(words[index] ?? '', index);
  return { words: given, isLiteral };
}

/** The name that a person may have meant. */
const near = (parameters: readonly Parameter[], name: string): string | undefined =>
  nearest(
    parameters.map((each) => ({ name: each.name.toLowerCase(), meant: each.name })),
    name,
  );
