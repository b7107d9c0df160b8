import type { Field, Method, NamespaceBase, ReflectionObject, Service, Type } from 'protobufjs';

/** A name that means nothing: why, in which file, and how to find it there. */
export interface Unresolved {
  readonly reason: string;
  readonly file: string;
  readonly pattern: RegExp;
}

/** The first field or method whose type is not known. protobufjs reports it without saying where it is written. */
export function unresolvedIn(namespace: NamespaceBase): Unresolved | undefined {
  for (const { member, pattern } of membersOf(namespace)) {
    try {
      member.resolve();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { reason, file: member.filename ?? namespace.filename ?? '', pattern };
    }
  }
  for (const nested of namespace.nestedArray) {
    const found = 'nestedArray' in nested ? unresolvedIn(nested as NamespaceBase) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Member {
  readonly member: ReflectionObject;
  readonly pattern: RegExp;
}

function membersOf(namespace: NamespaceBase): readonly Member[] {
  if ('fieldsArray' in namespace) return (namespace as Type).fieldsArray.map(fieldMember);
  return 'methodsArray' in namespace ? (namespace as Service).methodsArray.map(methodMember) : [];
}

const fieldMember = (field: Field): Member => ({
  member: field,
  pattern: new RegExp(`\\b${field.type.replaceAll('.', '\\.')}\\b[\\s>]*${field.name}\\s*=\\s*${field.id}\\b`),
});

const methodMember = (method: Method): Member => ({
  member: method,
  pattern: new RegExp(`\\brpc\\s+${method.name}\\b`),
});
