import type { MicroError } from '../errors.ts';

/** Go's clients repeat after time-outs and errors of the server, and so do ours: handlers must expect to be called twice. */
export const retryOnError = ({ code }: MicroError): boolean => code === 408 || code === 500;

/** 10, 100, 1,000, … milliseconds. */
export const exponential = (attempt: number): number => 10 ** attempt;
