package io.agentpassport.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.agentpassport.server.config.ServerConfig.Log;
import java.util.Locale;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log, on standard error, before its first line: found by Logback, and quicker than an XML file. It reads two
 * system properties, because a log begins before there is anything to hand in.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    private static final String FORMAT = "passport.log.format";
    private static final String LEVEL = "passport.log.level";

    /** Called before anything logs. */
    public static void use(Log log) {
        System.setProperty(FORMAT, log.format().name().toLowerCase(Locale.ROOT));
        System.setProperty(LEVEL, log.level().name());
        // gRPC logs to java.util.logging, which would print text of its own between our lines.
        silenceLibraries();
        SLF4JBridgeHandler.install();
    }

    /** For a program that says by itself, in one line, what went wrong; gRPC would print stack traces beside it. */
    static void silenceLibraries() {
        LogManager.getLogManager().reset();
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder("json".equals(System.getProperty(FORMAT)) ? json(context) : text(context));
        var guard = new FloodGuard();
        guard.setContext(context);
        guard.start();
        console.addFilter(guard);
        console.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        // It warns, with a stack trace, of every stream that a peer gave up: whoever wants to could fill the log.
        context.getLogger("io.grpc.netty.shaded").setLevel(Level.ERROR);
        context.getLogger("io.agentpassport").setLevel(Level.toLevel(System.getProperty(LEVEL), Level.WARN));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static EncoderBase<ILoggingEvent> text(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %message%replace( %kvp){' $', ''}%n");
        encoder.start();
        return encoder;
    }

    private static EncoderBase<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
