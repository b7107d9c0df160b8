import { beforeMore } from './closed.ts';
import { readPipeline } from './pipeline.ts';
import { quoteWord } from './quote.ts';

/** The line with a value as a parameter of its first command. */
export function withParameter(line: string, name: string, value: string): string {
  const { stages, to, isPlan } = readPipeline(line);
  const [first = '', ...others] = stages;
  const filled = [`${isPlan ? '--plan ' : ''}${beforeMore(first)} --${name}=${quoteWord(value)}`, ...others].join(
    ' | ',
  );
  return to === undefined ? filled : `${filled} > ${to.kind === 'me' ? 'me' : quoteWord(to.room)}`;
}
