package io.agentpassport.server.upstream.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.server.config.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    private static final AddressRules NOTHING_LISTED = new AddressRules(List.of());

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static AddressRules listing(String network) {
        return new AddressRules(List.of(Objects.requireNonNull(AddressRange.fromText(network))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.0.8",
        "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
        "64:ff9b::10.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:db8::1", "2001::1"})
    void refusesWhatIsNotOfThePublicInternet(String text) throws UnknownHostException {
        assertThat(NOTHING_LISTED.allow(address(text))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "9.255.255.255", "11.0.0.0", "100.128.0.1", "223.255.255.255",
        "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:101:101::1"})
    void allowsThePublicInternet(String text) throws UnknownHostException {
        assertThat(NOTHING_LISTED.allow(address(text))).isTrue();
    }

    @Test
    void allowsANetworkThatIsListedAndNothingBesideIt() throws UnknownHostException {
        assertThat(listing("10.1.0.0/16").allow(address("10.1.255.255"))).isTrue();
        assertThat(listing("10.1.0.0/16").allow(address("10.2.0.0"))).isFalse();
        assertThat(listing("127.0.0.1").allow(address("127.0.0.2"))).isFalse();
        assertThat(listing("::1").allow(address("::1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10.0", "10.0.0.0/33", "10.0.0.0/", "::1/129", "localhost", "example.com/8",
        "10.0.0.0/8/8", "300.0.0.1", "10.0.0.0/-1", ":::",
        "10.1.2.3/16", "010.0.0.0/8", "10.0.0.0/08", "10.00.0.0/8", "fd00::1/8", "1::2::3", "::ffff:10.0.0.1/8"})
    void readsNoNetworkFromOtherText(String text) {
        assertThat(AddressRange.fromText(text)).isNull();
    }

    @Test
    void saysHowANetworkIsWritten() {
        assertThat(AddressRange.problem("10.1.2.3/16")).isEqualTo("goes on behind the first 16 bits: write 10.1.0.0/16"
                + " for that network, or 10.1.2.3 for the one address");
        assertThat(AddressRange.problem("fd00:1::2/12")).contains("write fd00:0:0:0:0:0:0:0/12 for that network");
        assertThat(AddressRange.problem("10.0.0.0/08")).isEqualTo("is no network such as 10.1.0.0/16 or fd00::/8");
    }

    @Test
    void refusesANameWhenOneOfItsAddressesIsPrivate() throws UnknownHostException {
        InetAddress[] both = {address("1.1.1.1"), address("10.0.0.1")};
        var resolver = new CheckedResolver(host -> both, NOTHING_LISTED, false);
        assertThatThrownBy(() -> resolver.resolve("mixed.example")).hasMessageContaining("10.0.0.1");
    }

    @Test
    void connectsWithoutTlsToListedNetworksOnly() throws UnknownHostException {
        InetAddress[] open = {address("1.1.1.1")};
        assertThat(new CheckedResolver(host -> open, NOTHING_LISTED, false).resolve("a.example")).isEqualTo(open);
        var plain = new CheckedResolver(host -> open, NOTHING_LISTED, true);
        assertThatThrownBy(() -> plain.resolve("a.example")).hasMessageContaining("without TLS");
        assertThat(new CheckedResolver(host -> open, listing("1.1.1.0/24"), true).resolve("a.example"))
                .isEqualTo(open);
    }
}
