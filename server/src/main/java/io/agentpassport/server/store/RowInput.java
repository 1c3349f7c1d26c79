package io.agentpassport.server.store;

import io.agentpassport.core.toolcall.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a row that {@link RowOutput} wrote. Every method throws IllegalArgumentException when something else is there: the
 * row is damaged, or newer than this code.
 */
public final class RowInput {

    private final byte[] bytes;
    private int at;

    /** Reads from the byte after the form. */
    public RowInput(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a row is empty");
        }
        this.bytes = bytes;
        this.at = 1;
    }

    /** Reads a row of a kind that has this form only. */
    public static RowInput of(byte[] bytes, int form) {
        RowInput in = new RowInput(bytes);
        if (in.form() != form) {
            throw new IllegalArgumentException("form " + form + " is expected, not " + in.form());
        }
        return in;
    }

    /** Of what form the row is. */
    public int form() {
        return bytes[0] & 0xff;
    }

    /** See {@link RowOutput#small}. */
    public int small() {
        if (at == bytes.length) {
            throw new IllegalArgumentException("a row ends too early");
        }
        return bytes[at++] & 0xff;
    }

    /** See {@link RowOutput#number}. */
    public long number() {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = small();
            number |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    /** A number that counts something of which there are at most so many. */
    public int count(int most) {
        long count = number();
        if (count > most) {
            throw new IllegalArgumentException("a count is at most " + most + ", not " + count);
        }
        return (int) count;
    }

    /** See {@link RowOutput#decimal}. */
    public Decimal decimal() {
        int scale = small();
        BigDecimal value = (scale & RowOutput.WIDE) == 0
                ? BigDecimal.valueOf(number(), scale)
                : new BigDecimal(new BigInteger(bytes()), scale & ~RowOutput.WIDE);
        Decimal decimal = value.scale() > Decimal.MAX_FRACTION_DIGITS ? null : Decimal.fromBigDecimal(value);
        if (decimal == null || decimal.sign() < 0) {
            throw new IllegalArgumentException("a decimal in a row fits, and is not negative");
        }
        return decimal;
    }

    /** See {@link RowOutput#text}. */
    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is not UTF-8", e);
        }
    }

    /** See {@link RowOutput#bytes}. */
    public byte[] bytes() {
        int length = count(bytes.length - at);
        if (length > bytes.length - at) {
            throw new IllegalArgumentException("a row ends too early");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** Sees that nothing is left. */
    public void end() {
        if (at != bytes.length) {
            throw new IllegalArgumentException("a row has " + (bytes.length - at) + " bytes too many");
        }
    }
}
