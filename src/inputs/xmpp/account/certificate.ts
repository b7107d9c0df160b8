import { Failure, nameOf } from './failure.ts';

const trust = 'trust its authority with the option for certificates (ca)';

const sentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired: it has to be renewed on the server',
  CERT_NOT_YET_VALID: 'is not valid yet: look at the clocks of both machines',
  CERT_REVOKED: 'was revoked: the server needs another one',
  DEPTH_ZERO_SELF_SIGNED_CERT: `is signed by itself: ${trust}`,
  ERR_TLS_CERT_ALTNAME_INVALID: 'is not for the domain of the account: look at the address and the server',
  SELF_SIGNED_CERT_IN_CHAIN: `comes from an authority that is not trusted here: ${trust}`,
  UNABLE_TO_GET_ISSUER_CERT: `comes from an authority that is not known here: ${trust}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `comes from an authority that is not known here: ${trust}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `comes without its authority's: ${trust}`,
};

const isAboutCertificate =
  /^(?:CERT_|UNABLE_TO_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** Why TLS did not come about. */
export function failureOfTls(error: unknown): Failure {
  const name = nameOf(error);
  const sentence = Object.hasOwn(sentences, name) ? sentences[name] : undefined;
  if (sentence !== undefined) return new Failure('config', `the server's certificate ${sentence} (${name})`);
  if (isAboutCertificate.test(name))
    return new Failure('config', `the server's certificate can not be trusted (${name})`);
  return new Failure('unavailable', `no encryption came about: ${name}`);
}
