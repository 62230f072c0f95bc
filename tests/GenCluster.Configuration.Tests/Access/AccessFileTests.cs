using System.Text;
using GenCluster.Configuration.Access;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests.Access;

public sealed class AccessFileTests
{
    private const string Head = "apiVersion: gencluster/v1\nkind: Access\n";

    [Fact]
    public void Everything_that_it_may_say_is_read()
    {
        var rules = Parse("""
            kubernetes:
              audience: sweeps
              server: https://10.0.0.1:6443
              tokenFile: /run/token
              caFile: /run/ca.crt
              roles:
                admin: ["user:system:serviceaccount:ml:ops"]
                submitter: ["namespace:ml", "group:oidc:researchers"]
                viewer: ["group:system:authenticated"]
            oidc:
              authority: https://id.example.org/realms/ml
              nameClaim: email
              roleClaim: realm_access.roles
              roles: {admin: [Sweep Admins]}
            commands:
              - command: ["${interpreter}", train.py, 3, "${args}"]
                program: train.py
                workingDirectory: /srv
                environment: [SEED]
            """).Rules.ShouldNotBeNull();

        var kubernetes = rules.Kubernetes.ShouldNotBeNull();
        (kubernetes.Audience, kubernetes.Server!.ToString(), kubernetes.TokenFile, kubernetes.CaFile).ShouldBe(("sweeps", "https://10.0.0.1:6443/", "/run/token", "/run/ca.crt"));
        kubernetes.Roles.Of(["group:system:authenticated", "namespace:ml"]).ShouldBe(Role.Submitter);
        kubernetes.Roles.Of(["user:system:serviceaccount:ml:ops", "namespace:ml"]).ShouldBe(Role.Admin);
        kubernetes.Roles.Of(["namespace:other"]).ShouldBeNull();
        var oidc = rules.Oidc.ShouldNotBeNull();
        (oidc.Authority.ToString(), oidc.Audience, oidc.NameClaim, oidc.RoleClaim).ShouldBe(("https://id.example.org/realms/ml", "gencluster", "email", "realm_access.roles"));
        rules.Commands.ShouldHaveSingleItem().Arguments.ShouldBe(["${interpreter}", "train.py", "3", "${args}"]);
    }

    [Fact]
    public void A_program_is_allowed_as_it_is_listed_alone()
    {
        var rules = Parse("commands: [{command: [python3, /opt/train.py, \"${args}\"], environment: [SEED]}]").Rules.ShouldNotBeNull();
        var listed = new CommandSpec(["python3", "/opt/train.py", "${args}"], Environment: [new("SEED", "3")]);

        rules.Allows(listed).ShouldBeTrue();
        rules.Allows(listed with { Environment = [], GraceSeconds = 60, Resource = "epoch" }).ShouldBeTrue();
        rules.Allows(listed with { Arguments = ["python3", "/opt/train.py", "${args}", "-c", "x"] }).ShouldBeFalse();
        rules.Allows(listed with { Arguments = ["python3", "/opt/train.py"] }).ShouldBeFalse();
        rules.Allows(listed with { Arguments = ["Python3", "/opt/train.py", "${args}"] }).ShouldBeFalse();
        rules.Allows(listed with { Environment = [new("SEED", "3"), new("LD_PRELOAD", "/x")] }).ShouldBeFalse();
        rules.Allows(listed with { Folder = "/tmp" }).ShouldBeFalse();
        rules.Allows(listed with { Program = "x.py" }).ShouldBeFalse();
        AccessRules.None.Allows(listed).ShouldBeFalse();
    }

    [Fact]
    public void All_mistakes_are_told_at_once() => Parse("""
        kubernetes:
          server: ftp://x
          roles: {admin: [ml], viewers: [x]}
        oidc:
          authority: http://id.example.org
          roles: {admin: []}
        commands:
          - {program: x}
        tokens: {}
        """).Diagnostics.Select(d => d.ToString()).ShouldBe(
        [
            "access.yaml:4:11: error GC0106: kubernetes.server: got the text 'ftp://x'; write an address like https://id.example.org, without a query",
            "access.yaml:5:19: error GC0106: kubernetes.roles.admin: got 'ml'; write user:NAME, group:NAME or namespace:NAME",
            "access.yaml:5:24: error GC0101: kubernetes.roles: unknown key 'viewers'; the nearest known key is viewer, known are admin, submitter, viewer",
            "access.yaml:7:14: error GC0106: oidc.authority: got 'http://id.example.org'; whoever is on the way could forge its keys: write an address that begins with https://",
            "access.yaml:8:18: error GC0104: oidc.roles.admin: got an empty list; write a list; each item is a text of printable characters",
            "access.yaml:10:5: error GC0102: commands[1].command: missing, but required; write a list; each item is a text of printable characters",
            "access.yaml:11:1: error GC0101: the file: unknown key 'tokens'; the nearest known key is kind, known are apiVersion, kind, kubernetes, oidc, commands",
        ]);

    private static AccessFileResult Parse(string text) => AccessFile.Parse("access.yaml", Encoding.UTF8.GetBytes(Head + text));
}
