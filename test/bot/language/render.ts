import { quoteWord } from '../../../src/bot/quote.ts';

/** A line of which these are the words. */
export const renderLine = (words: readonly string[]): string => words.map(quoteWord).join(' ');
