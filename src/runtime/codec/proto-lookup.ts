import type { Method, Root, Type } from 'protobufjs';
import type { Schema } from '../schema.ts';
import type { ProtoFile, ProtoMethod } from './proto-file.ts';
import { protobufSchema } from './proto-schema.ts';

/**
 * The messages and services of a protobufjs root: what `pbjs -t json-module` generates, for instance. A type has one schema, however often it
 * is asked for. Throws an `Error` when a name in it means nothing.
 */
export function protoFileOf(root: Root): ProtoFile {
  root.resolveAll();
  const schemas = new Map<Type, Schema<Record<string, unknown>>>();

  return {
    schema: (message) => schemaOf(root.lookupType(message)),

    service(name) {
      const service = root.lookupService(name);
      const methods = service.methodsArray.map((method) => [method.name, methodOf(method)] as const);
      return { name: service.name, methods: Object.fromEntries(methods) };
    },
  };

  function schemaOf(type: Type): Schema<Record<string, unknown>> {
    const schema = schemas.get(type) ?? protobufSchema(type);
    schemas.set(type, schema);
    return schema;
  }

  function methodOf(method: Method): ProtoMethod {
    const { resolvedRequestType: request, resolvedResponseType: response } = method.resolve() as Method;
    if (request === null || response === null) throw new Error(`the types of ${method.fullName} are not known`);
    return {
      request: schemaOf(request),
      response: schemaOf(response),
      requestStream: method.requestStream === true,
      responseStream: method.responseStream === true,
    };
  }
}
