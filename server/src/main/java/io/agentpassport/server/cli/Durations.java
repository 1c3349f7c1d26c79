package io.agentpassport.server.cli;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them, see {@link DurationText}. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        Duration duration = DurationText.parse(text);
        if (duration == null) {
            throw new TypeConversionException("a duration is a whole number and ms, s, m, h or d, such as 90s or 1h, "
                    + "not " + text);
        }
        return duration;
    }
}
