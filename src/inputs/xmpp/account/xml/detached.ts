/**
 * A copy that is no part of a longer text: the engine keeps the whole of a text as long as a piece of it is remembered, and pieces of what
 * came over the network are remembered (who said something, which room).
 */
export const detached = (piece: string): string => Buffer.from(piece, 'utf16le').toString('utf16le');
