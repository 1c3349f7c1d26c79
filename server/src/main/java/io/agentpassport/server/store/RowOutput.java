package io.agentpassport.server.store;

import io.agentpassport.core.toolcall.Decimal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a row as few bytes: whole numbers, small ones short, and texts. What {@link RowInput} reads. */
public final class RowOutput {

    /** In the byte before a decimal: its digits do not fit a long. */
    static final int WIDE = 0x80;

    /** Any number of so many digits fits a long. */
    static final int LONG_DIGITS = 18;

    private byte[] bytes;
    private int size;

    /** Begins with a byte that says of what form the rest is. */
    public RowOutput(int form, int expectedBytes) {
        bytes = new byte[Math.max(expectedBytes, 16)];
        bytes[size++] = (byte) form;
    }

    /** A number of 0 to 255, in one byte. */
    public RowOutput small(int number) {
        if (number < 0 || number > 255) {
            throw new IllegalArgumentException("a small number is 0 to 255, not " + number);
        }
        reserve(1);
        bytes[size++] = (byte) number;
        return this;
    }

    /** A number that is not negative: seven bits in each byte, the lowest first. */
    public RowOutput number(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a number is not negative, not " + number);
        }
        reserve(9);
        long rest = number;
        while (rest > 0x7f) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Text of any length, as UTF-8; every character of it must have one. */
    public RowOutput text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A decimal that is not negative: the digits after the point, then all digits as one number. */
    public RowOutput decimal(Decimal decimal) {
        BigDecimal value = decimal.toBigDecimal();
        if (value.signum() < 0) {
            throw new IllegalArgumentException("a decimal in a row is not negative, not " + decimal);
        }
        if (value.precision() > LONG_DIGITS) {
            return small(value.scale() | WIDE).bytes(value.unscaledValue().toByteArray());
        }
        return small(value.scale())
                .number(value.scale() == 0 ? value.longValue() : value.unscaledValue().longValue());
    }

    /** Bytes, after their number. */
    public RowOutput bytes(byte[] some) {
        number(some.length);
        reserve(some.length);
        System.arraycopy(some, 0, bytes, size, some.length);
        size += some.length;
        return this;
    }

    /** What was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}
