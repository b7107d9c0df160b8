import { z } from 'zod';
import type { Declaration } from './parameter.ts';

const word = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const declaration = z.strictObject({
  type: z.string().min(1).max(100).optional(),
  short: z
    .string()
    .regex(/^[A-Za-z]$/, 'is one letter')
    .optional(),
  positional: z.boolean().optional(),
  required: z.boolean().optional(),
  default: word.optional(),
  enum: z.array(word).min(1).max(100).optional(),
  secret: z.boolean().optional(),
  description: z.string().max(300).optional(),
});

const declarations = z.record(
  z.string().min(1).max(100),
  declaration.refine(({ type, enum: choices }) => type !== 'enum' || choices !== undefined, 'enum lists the values'),
);

/**
 * Reads the metadata key `parameters`: a JSON object of field names, in the order in which words fill them. Throws an `Error` that
 * says what is wrong: a key that is not known is an error, too, for a misspelt `secret` must not pass.
 */
export function readParameters(json: string): ReadonlyMap<string, Declaration> {
  const read = declarations.safeParse(parsed(json));
  if (read.success) return new Map(Object.entries(read.data));
  const [issue] = read.error.issues;
  throw new Error(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.replace(/^: /, ''));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`parameters: ${error instanceof Error ? error.message : 'no JSON'}`, { cause: error });
  }
}
