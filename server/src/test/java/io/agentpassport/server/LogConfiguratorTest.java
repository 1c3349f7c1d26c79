package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

class LogConfiguratorTest {

    @Test
    void aPeerThatGivesUpItsStreamsWritesNothingIntoTheLog() {
        var context = new LoggerContext();
        var configurator = new LogConfigurator();
        configurator.setContext(context);
        configurator.configure(context);

        assertThat(context.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler").getEffectiveLevel())
                .isEqualTo(Level.ERROR);
        assertThat(context.getLogger("somebody.else").getEffectiveLevel()).isEqualTo(Level.WARN);
        context.stop();
    }
}
