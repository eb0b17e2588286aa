package dev.larder.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and authenticates bytes with AES-GCM. Encrypts with one key and decrypts with any that it knows, so that keys
 * can be changed while older bytes are still about.
 *
 * <p>What comes out says all that is needed to read it, but the key:
 *
 * <pre>
 *   1 byte    format version, 1
 *   1 byte    length of the key id
 *   n bytes   key id, ASCII
 *   12 bytes  nonce, random
 *   n bytes   ciphertext, as long as the plain text
 *   16 bytes  authentication tag over everything above and the associated bytes
 * </pre>
 *
 * <p>Nonces are random: change a key before it has encrypted 2<sup>32</sup> times, so that one that repeats stays out of the
 * question (NIST SP 800-38D, 8.3).
 *
 * <p>Immutable and thread-safe. Never tells a key, in messages or otherwise.
 */
public final class Encryption {

    private static final byte VERSION = 1;

    private static final int NONCE_BYTES = 12;

    private static final int TAG_BYTES = 16;

    /** Safe to print wherever it was read, and a key of a configuration file without quotes. Fits one byte of length. */
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final SecureRandom random = new SecureRandom();

    private final Map<String, SecretKey> keys = new TreeMap<>();

    private final String currentKeyId;

    private final SecretKey currentKey;

    private final byte[] header;

    private Encryption(String currentKeyId, Map<String, byte[]> keys) {
        keys.forEach((id, key) -> this.keys.put(id, secret(id, key)));
        SecretKey current = this.keys.get(currentKeyId);
        if (current == null) {
            throw new IllegalArgumentException(
                    "The current key '%s' is not among the keys %s: add it, or name one of those"
                            .formatted(currentKeyId, this.keys.keySet()));
        }
        this.currentKeyId = currentKeyId;
        this.currentKey = current;
        byte[] id = currentKeyId.getBytes(StandardCharsets.US_ASCII);
        this.header = new byte[2 + id.length];
        header[0] = VERSION;
        header[1] = (byte) id.length;
        System.arraycopy(id, 0, header, 2, id.length);
    }

    /**
     * Encryption with one key, and decryption with this and others.
     *
     * @param currentKeyId the id of the key to encrypt with
     * @param keys all keys by their ids: of 1 to 64 letters, digits, dots, dashes and underscores. A key has 16, 24 or 32
     *     bytes
     * @throws IllegalArgumentException if a key or an id is not like that, or if the current one is missing
     */
    public static Encryption of(String currentKeyId, Map<String, byte[]> keys) {
        return new Encryption(currentKeyId, keys);
    }

    private static SecretKey secret(String id, byte[] key) {
        if (!KEY_ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be the id of a key: use 1 to 64 letters, digits, dots, dashes and underscores"
                            .formatted(id));
        }
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new IllegalArgumentException(
                    "Key '%s' has %d bytes, but AES keys have 16, 24 or 32: make one with 'openssl rand -base64 32'"
                            .formatted(id, key.length));
        }
        return new SecretKeySpec(key, "AES");
    }

    /**
     * Whether bytes look like what {@link #encrypt} makes; others do by chance only.
     *
     * @param start the first bytes; 66 of them always do
     * @param length how many bytes there are in all
     */
    public static boolean isLikely(byte[] start, long length) {
        int id = start.length < 2 || start[0] != VERSION ? 0 : start[1] & 0xFF;
        return id > 0
                && start.length >= 2 + id
                && length >= 2 + id + NONCE_BYTES + TAG_BYTES
                && KEY_ID.matcher(new String(start, 2, id, StandardCharsets.US_ASCII))
                        .matches();
    }

    /**
     * The bytes, encrypted with the current key.
     *
     * @param associated bytes that are not encrypted, nor part of the outcome, but have to be the same when it is decrypted
     * @throws CodecException if the platform cannot do it
     */
    public byte[] encrypt(byte[] plain, byte[] associated) {
        return encrypt(header, currentKeyId, currentKey, plain, associated);
    }

    /**
     * The bytes, encrypted with the key that others were encrypted with: as long as those, if the plain bytes are.
     *
     * @throws CodecException if the key is not known, or if the platform cannot do it
     */
    public byte[] encryptAgain(byte[] sealed, byte[] plain, byte[] associated) {
        byte[] same = Arrays.copyOf(sealed, headerBytes(sealed));
        String id = keyId(same);
        return encrypt(same, id, key(id), plain, associated);
    }

    private byte[] encrypt(byte[] header, String id, SecretKey key, byte[] plain, byte[] associated) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        int start = header.length + NONCE_BYTES;
        byte[] sealed = new byte[Math.addExact(start + TAG_BYTES, plain.length)];
        System.arraycopy(header, 0, sealed, 0, header.length);
        System.arraycopy(nonce, 0, sealed, header.length, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, sealed, header.length);
            cipher.updateAAD(associated);
            cipher.doFinal(plain, 0, plain.length, sealed, start);
            return sealed;
        } catch (GeneralSecurityException ex) {
            throw new CodecException("Cannot encrypt with key '%s': %s".formatted(id, ex.getMessage()), ex);
        }
    }

    /**
     * The bytes that were encrypted.
     *
     * @param associated the same as when they were
     * @throws CodecException if the key is not known, or if anything was changed since, be it the associated bytes
     */
    public byte[] decrypt(byte[] sealed, byte[] associated) {
        int headerBytes = headerBytes(sealed);
        String id = keyId(Arrays.copyOf(sealed, headerBytes));
        SecretKey key = key(id);
        int start = headerBytes + NONCE_BYTES;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, sealed, headerBytes);
            cipher.updateAAD(associated);
            return cipher.doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException ex) {
            throw new CodecException(
                    "What was encrypted with key '%s' has changed since, or does not belong here, or the key is another"
                            .formatted(id),
                    ex);
        } catch (GeneralSecurityException ex) {
            throw new CodecException("Cannot decrypt with key '%s': %s".formatted(id, ex.getMessage()), ex);
        }
    }

    private static String keyId(byte[] header) {
        return new String(header, 2, header.length - 2, StandardCharsets.US_ASCII);
    }

    private SecretKey key(String id) {
        SecretKey key = keys.get(id);
        if (key == null) {
            throw unknownKey(id);
        }
        return key;
    }

    private static int headerBytes(byte[] sealed) {
        if (sealed.length < 2 || sealed[0] != VERSION) {
            throw new CodecException("These bytes were not encrypted, or by a version that is not known", null);
        }
        int headerBytes = 2 + (sealed[1] & 0xff);
        if (sealed.length < headerBytes + NONCE_BYTES + TAG_BYTES) {
            throw new CodecException("Encrypted bytes were cut off: only %d are left".formatted(sealed.length), null);
        }
        return headerBytes;
    }

    private CodecException unknownKey(String id) {
        String name = KEY_ID.matcher(id).matches() ? "key '" + id + "'" : "a key";
        return new CodecException(
                "Encrypted with %s, which is not among the keys %s: add it until nothing needs it any more"
                        .formatted(name, keys.keySet()),
                null);
    }

    /** The header goes into the tag: that the key id was changed shows even where both ids have the same key. */
    private static Cipher cipher(int mode, SecretKey key, byte[] sealed, int headerBytes)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, sealed, headerBytes, NONCE_BYTES));
        cipher.updateAAD(sealed, 0, headerBytes);
        return cipher;
    }

    @Override
    public String toString() {
        return "Encryption[current key '%s', keys %s]".formatted(currentKeyId, keys.keySet());
    }
}
