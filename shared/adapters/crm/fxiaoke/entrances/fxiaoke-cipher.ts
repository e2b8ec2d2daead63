import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { PipelineError } from '../../../../domain/pipeline-error.ts';

/** One parse key of the event push. */
export interface FxiaokeCipher {
  /** Lower-case hex SHA-1 over the text followed by the key's own text. */
  sign(text: string): string;
  /** From Base64; undefined where it was not encrypted with this key. */
  decrypt(base64: string): Buffer | undefined;
  /** To Base64. The same text gives the same answer: the initialisation vector is part of the key. */
  encrypt(text: string): string;
}

/**
 * AES-256-CBC with PKCS#7 padding, the first 16 bytes of the key as initialisation vector. The key is written in Base64;
 * what FXiaoKe's own page generates may not be strict Base64, so any text that leniently decodes to 32 bytes is taken.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, not retryable, for any other text.
 */
export const fxiaokeCipher = (keyText: string): FxiaokeCipher => {
  const key = Buffer.from(keyText, 'base64');
  if (key.length !== 32)
    throw new PipelineError(
      'CONFIG_INVALID',
      'a parse key must be Base64 of 32 bytes: paste the output of `openssl rand -base64 32` here and in the CRM',
      { retryable: false },
    );
  const iv = key.subarray(0, 16);
  return {
    sign: (text) => createHash('sha1').update(text).update(keyText).digest('hex'),
    decrypt: (base64) => {
      const decipher = createDecipheriv('aes-256-cbc', key, iv);
      try {
        return Buffer.concat([decipher.update(base64, 'base64'), decipher.final()]);
      } catch {
        return undefined;
      }
    },
    encrypt: (text) => {
      const cipher = createCipheriv('aes-256-cbc', key, iv);
      return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
    },
  };
};
