using GenCluster.Certificates.Tests.Support;

namespace GenCluster.Certificates.Tests;

/// <summary>A node's own files: read at start, looked at again when they change.</summary>
public sealed class NodeCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Papers papers = new(now: Noon);
    private readonly SettableTime time = new(Noon);

    public void Dispose() => papers.Dispose();

    [Fact]
    public void Says_until_when_it_is_valid()
    {
        var certificate = new NodeCertificate(papers.Node(until: 30), time);

        certificate.DaysLeft.ShouldBe(30, 1e-6);
        certificate.Expires.ShouldBe(Noon.AddDays(30));
        time.Now = Noon.AddDays(31);
        certificate.DaysLeft.ShouldBe(-1, 1e-6);
    }

    [Fact]
    public void One_that_has_expired_is_an_error_that_names_the_file_and_the_date()
    {
        var files = papers.Node(from: -10, until: -1);

        Fault(files).ShouldBe($"the certificate in {files.Certificate} expired on 2026-05-03 12:00 UTC; give one that is valid");
    }

    [Fact]
    public void One_that_is_not_valid_yet_is_an_error_that_names_the_file_and_the_date()
    {
        var files = papers.Node(from: 1);

        Fault(files).ShouldBe(
            $"the certificate in {files.Certificate} is not valid before 2026-05-05 12:00 UTC; look at the clock of this machine, or give one that is valid now");
    }

    [Fact]
    public void One_of_another_authority_is_an_error_before_any_peer_refuses_it()
    {
        using var others = new Papers("theirs", Noon);
        var files = papers.Node() with { Authorities = Path.Combine(others.Folder, "ca.crt") };

        Fault(files).ShouldBe($"the certificate in {files.Certificate} is not vouched for by any authority in {files.Authorities}; give the one that signed it");
    }

    [Theory]
    [InlineData(CertificateUses.Client)]
    [InlineData(CertificateUses.Server)]
    public void One_for_a_single_end_of_a_connection_is_an_error(CertificateUses uses)
    {
        var files = papers.Node(uses: uses);

        Fault(files).ShouldBe($"the certificate in {files.Certificate} is not for both ends of a connection; its extended key usage must have serverAuth and clientAuth");
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error_that_shows_nothing_of_it()
    {
        var files = papers.Node() with { Key = papers.Node("other").Key };

        string fault = Fault(files);

        fault.ShouldBe($"--tls-key: {files.Key} is not the private key of the certificate in {files.Certificate}; give its key in PEM, not encrypted");
    }

    [Fact]
    public void Files_that_are_missing_or_hold_something_else_are_errors_that_name_them()
    {
        var files = papers.Node();
        File.WriteAllText(files.Certificate, "hello");

        Fault(files).ShouldBe($"{files.Certificate} holds no certificate, and this node's certificate is expected there in PEM, between BEGIN CERTIFICATE and END CERTIFICATE");
        File.WriteAllText(files.Certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Fault(files).ShouldBe($"{files.Certificate} holds no readable certificate, and this node's certificate is expected there in PEM");
        File.Delete(files.Certificate);
        Fault(files).ShouldStartWith($"{files.Certificate}, which should hold this node's certificate, cannot be read: ");
    }

    [Fact]
    public void New_files_are_in_force_for_the_next_connection()
    {
        var (certificate, changes) = Watched(papers.Node(until: 30));

        papers.Node(until: 60);

        certificate.DaysLeft.ShouldBe(60, 1e-6);
        certificate.Reloads.ShouldBe(1);
        changes.ShouldHaveSingleItem().Message.ShouldEndWith(" was renewed, and is valid until 2026-07-03");
    }

    [Fact]
    public void Broken_files_leave_the_old_certificate_in_force_and_are_told_of_once()
    {
        var files = papers.Node(until: 30);
        var (certificate, changes) = Watched(files);

        File.WriteAllText(files.Certificate, "half a fi");

        certificate.DaysLeft.ShouldBe(30, 1e-6);
        certificate.DaysLeft.ShouldBe(30, 1e-6);
        var change = changes.ShouldHaveSingleItem();
        change.Fault.ShouldNotBeNull();
        change.Message.ShouldStartWith($"the new certificate cannot be used, and the one before stays in force: {files.Certificate} holds no certificate");

        papers.Node(until: 60);
        certificate.DaysLeft.ShouldBe(60, 1e-6);
    }

    [Fact]
    public void A_certificate_that_is_there_before_its_key_waits_for_it()
    {
        var files = papers.Node(until: 30);
        string oldKey = File.ReadAllText(files.Key);
        var (certificate, _) = Watched(files);
        papers.Node(until: 60);
        string newKey = File.ReadAllText(files.Key);
        File.WriteAllText(files.Key, oldKey);

        certificate.DaysLeft.ShouldBe(30, 1e-6);
        File.WriteAllText(files.Key, newKey);

        certificate.DaysLeft.ShouldBe(60, 1e-6);
    }

    [Fact]
    public void A_link_that_is_turned_to_another_folder_counts_as_a_change()
    {
        var first = papers.Node("first", until: 30);
        var second = papers.Node("second", until: 60);
        string certificateLink = Path.Combine(papers.Folder, "tls.crt"), keyLink = Path.Combine(papers.Folder, "tls.key");
        File.CreateSymbolicLink(certificateLink, first.Certificate);
        File.CreateSymbolicLink(keyLink, first.Key);
        var (certificate, _) = Watched(first with { Certificate = certificateLink, Key = keyLink });

        File.Delete(certificateLink);
        File.Delete(keyLink);
        File.CreateSymbolicLink(certificateLink, second.Certificate);
        File.CreateSymbolicLink(keyLink, second.Key);

        certificate.DaysLeft.ShouldBe(60, 1e-6);
    }

    [Theory]
    [InlineData("c", null, null, "--tls-key and --tls-ca are missing")]
    [InlineData(null, "k", "a", "--tls-certificate is missing")]
    public void Two_of_the_three_files_are_not_enough(string? certificate, string? key, string? authorities, string what) =>
        Should.Throw<CertificateException>(() => CertificateFiles.Of(certificate, key, authorities)).Message
            .ShouldBe($"--tls-certificate, --tls-key and --tls-ca belong together, and {what}; give all three for TLS, or none");

    private string Fault(CertificateFiles files) => Should.Throw<CertificateException>(() => new NodeCertificate(files, time)).Message;

    private (NodeCertificate Certificate, List<NodeCertificateChange> Changes) Watched(CertificateFiles files)
    {
        var certificate = new NodeCertificate(files, time);
        var changes = new List<NodeCertificateChange>();
        certificate.Changed += changes.Add;
        return (certificate, changes);
    }
}
