package io.agentpassport.server.upstream.mcp;

import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process of a server: it sees of our environment what it is given, and it and its children end with us. */
final class ChildProcess {

    /** For how long it may go on by itself once its input has ended, and again once it was asked to end. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

    private final Process process;
    private final AtomicBoolean ending = new AtomicBoolean();

    private ChildProcess(Process process) {
        this.process = process;
    }

    static ChildProcess start(String name, Stdio config, McpContext context) throws IOException {
        var builder = new ProcessBuilder(config.command()).directory(StdioTransport.folder(config).toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(context.secrets().forChildren());
        environment.putAll(config.environment());
        config.credentials().forEach((variable, secret) -> environment.put(variable, context.secrets().read(secret)));
        ChildProcess child = new ChildProcess(builder.start());
        Thread.ofPlatform().daemon().name("upstream-" + name + "-err").start(() -> child.log(name, context.ticker()));
        return child;
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    InputStream output() {
        return process.getInputStream();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Logs some lines of what it says on its standard error, and reads the rest, so that it is not held up. */
    private void log(String name, LongSupplier ticker) {
        byte[] buffer = new byte[4096];
        var line = new StringBuilder();
        long minute = ticker.getAsLong();
        int logged = 0;
        try (InputStream errors = process.getErrorStream()) {
            for (int read = errors.read(buffer); read >= 0; read = errors.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] != '\n') {
                        if (line.length() < McpLimits.ERROR_LINE_CHARACTERS) {
                            line.append((char) (buffer[i] & 0x7f));
                        }
                        continue;
                    }
                    if (ticker.getAsLong() - minute > MINUTE.toNanos()) {
                        minute = ticker.getAsLong();
                        logged = 0;
                    }
                    if (logged++ < McpLimits.ERROR_LINES_PER_MINUTE) {
                        LOG.info("upstream {} says: {}", name,
                                ForeignText.bounded(line.toString(), McpLimits.ERROR_LINE_CHARACTERS));
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            LOG.debug("upstream {}: its standard error has ended", name, e);
        }
    }

    /** Ends it: by the end of its input, then by asking, then by force; with its children. Waits for it. */
    void end() {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        closeInput();
        if (!isOver()) {
            family.addAll(process.descendants().toList());
            process.destroy();
            if (!isOver()) {
                process.destroyForcibly();
            }
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
            LOG.debug("the input of a child was closed", e);
        }
    }

    private boolean isOver() {
        try {
            return process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
