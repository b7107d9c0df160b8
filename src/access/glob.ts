/** Text in which `*` stands for any number of any characters. */
export interface Glob {
  readonly text: string;
  /** It has nothing but stars: everything fits. */
  readonly isAll: boolean;
  fits(value: string): boolean;
}

/** Takes time that grows with the value alone, whatever the stars. */
export function glob(text: string): Glob {
  const pieces = text.split(/\*+/);
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1);
  const fits = (value: string): boolean => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let at = first.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
  return {
    text,
    isAll: /^\*+$/.test(text),
    fits: pieces.length === 1 ? (value) => value === text : fits,
  };
}

/** The same where a star ends at a slash: `*@example.org` is not `room@elsewhere/me@example.org`. A lone star is everything all the same. */
export function segments(text: string): Glob {
  const globs = text.split('/').map(glob);
  const whole = glob(text);
  if (whole.isAll || globs.length === 1) {
    return whole.isAll ? whole : { ...whole, fits: (value) => !value.includes('/') && whole.fits(value) };
  }
  return {
    ...whole,
    fits(value) {
      // Most fit in no way, and that is seen at once.
      if (!whole.fits(value)) return false;
      const parts = value.split('/');
      return parts.length === globs.length && globs.every((each, index) => each.fits(parts[index] ?? ''));
    },
  };
}

/**
 * The name of a command, or of several: any case, one space between words. `register *` is `register` itself, too, and what follows a name
 * in chat, such as `@1.1.0`, makes no other command of it.
 */
export function commandGlob(text: string): Glob {
  const name = text.toLowerCase().replace(/\s+/g, ' ').trim();
  const own = glob(name);
  const alone = name.endsWith(' *') ? glob(name.slice(0, -2)) : undefined;
  const fits = (asked: string): boolean => own.fits(asked) || alone?.fits(asked) === true;
  return {
    text: name,
    isAll: !/[^*\s]/.test(name),
    fits(asked) {
      const lower = asked.toLowerCase();
      const at = lower.lastIndexOf('@');
      return fits(lower) || (at > 0 && fits(lower.slice(0, at)));
    },
  };
}
