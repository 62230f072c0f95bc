using System.Net;
using GenCluster.Server.Tests.Support;
using static GenCluster.Server.Tests.Access.GuardedServer;

namespace GenCluster.Server.Tests.Access;

/// <summary>Callers who are known, and want more than their role gives.</summary>
public sealed class RoleAttackTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    private const string Program = """
        apiVersion: gencluster/v1
        kind: Sweep
        name: program
        trainable: {command: ["${interpreter}", /opt/jobs/train.py, "${args}"]}
        training: {steps: 5}
        objective: {metric: loss}
        search: {algorithm: random, maxTrials: 1, parallelTrials: 1}
        parameters:
          lr: {min: 0.1, max: 1.0}
        """;

    [Attack(11, "is a viewer, and submits, changes or ends a sweep", "403")]
    public async Task A_viewer_changes_nothing()
    {
        await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", Sweeps, Viewer, SweepYaml), line => line is { Who: "eve", Role: "viewer", Route: Sweeps });
        await server.RefusesAsync(HttpStatusCode.Forbidden, Request("PUT", $"{Sweeps}/fashion", Viewer, SweepYaml), line => line.Who == "eve");
        var problem = await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", $"{Sweeps}/fashion/cancel", Viewer), line => line.Code == "forbidden");

        problem.Detail.ShouldBe("this needs the role submitter, and 'eve' has the role viewer; ask whoever runs this server");
    }

    [Attack(12, "is a viewer, and hides the method of a request behind another", "403, for no header changes the method")]
    public async Task No_header_changes_the_method_of_a_request()
    {
        foreach (string header in new[] { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override" })
        {
            await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", $"{Sweeps}/fashion/pause?_method=GET", Viewer, change: r => r.Headers.Add(header, "GET")), line => line.Method == "POST");
            (await server.AnswersAsync(Request("GET", $"{Sweeps}/fashion/pause?_method=POST", Submitter, change: r => r.Headers.Add(header, "POST")))).ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Attack(13, "is a viewer, and writes the path so that a rule for it might not fit", "403 or 404")]
    public async Task Another_spelling_of_a_path_is_no_way_around()
    {
        foreach (string path in new[] { "/API/V1/SWEEPS/fashion/CANCEL", $"{Sweeps}/fashion/cancel/", "/api/v1/sweeps/fashion/%63ancel", "/api/v1/./sweeps/fashion/cancel", "/x/..%2fapi/v1/sweeps/fashion/cancel" })
        {
            string raw = $"POST {path} HTTP/1.1\r\nHost: {server.Host}\r\nConnection: close\r\nAuthorization: Bearer {Viewer}\r\nContent-Length: 0\r\n\r\n";
            await server.RefusesAsync([403, 404], raw, line => line.Who == "eve");
        }

        (await server.SendsAsync($"POST //api/v1/sweeps/fashion/cancel HTTP/1.1\r\nHost: {server.Host}\r\nConnection: close\r\nAuthorization: Bearer {Viewer}\r\nContent-Length: 0\r\n\r\n")).Status.ShouldBeOneOf(400, 403, 404);
    }

    [Attack(14, "says with a header that it is somebody else", "the token alone counts, in the journal and the audit trail")]
    public async Task Nobody_is_who_a_header_says()
    {
        long mark = server.MarkLog();

        await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", $"{Sweeps}/fashion/pause", Viewer, change: r =>
        {
            r.Headers.Add("GenCluster-User", "ada");
            r.Headers.Add("X-Remote-User", "ada");
            r.Headers.Add("X-Forwarded-For", "10.9.9.9");
        }));

        await server.LineAsync(mark, line => line is { Who: "eve", From: "127.0.0.1" });
    }

    [Attack(15, "is a submitter, and has a program of its own as a trial", "403")]
    public async Task A_program_that_is_not_listed_is_no_trial()
    {
        var problem = await server.RefusesAsync(
            HttpStatusCode.Forbidden, Request("POST", Sweeps, Submitter, Program.Replace("/opt/jobs/train.py", "/tmp/mine.py", StringComparison.Ordinal)), line => line is { Who: "ci", Route: Sweeps });

        problem.Detail.ShouldStartWith("this program may not be a trial: ");
    }

    [Attack(16, "is a submitter, and bends a listed program by its environment, folder or interpreter", "403; as it is listed it is accepted")]
    public async Task A_listed_program_is_accepted_as_it_is_listed_and_not_otherwise()
    {
        foreach (string more in new[] { "environment: {LD_PRELOAD: /tmp/mine.so}", "workingDirectory: /tmp", "program: other.py" })
            await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", Sweeps, Submitter, Program.Replace("\"${args}\"]", $"\"${{args}}\"], {more}", StringComparison.Ordinal)), line => line.Who == "ci");
        await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", Sweeps, Submitter, Program.Replace("${interpreter}", "/tmp/python", StringComparison.Ordinal)));

        (await server.AnswersAsync(Request("POST", Sweeps, Submitter, Program.Replace("\"${args}\"]", "\"${args}\"], environment: {SEED: 3}", StringComparison.Ordinal)))).ShouldBe(HttpStatusCode.Created);
        (await server.AnswersAsync(Request("POST", Sweeps, Admin, Program.Replace("/opt/jobs/train.py", "/tmp/mine.py", StringComparison.Ordinal).Replace("name: program", "name: mine", StringComparison.Ordinal)))).ShouldBe(HttpStatusCode.Created);
    }

    [Attack(17, "is a submitter, and takes an admin's sweep over by a change of it", "403 for another program, and what is trained cannot be changed")]
    public async Task A_change_of_a_sweep_brings_no_program_in()
    {
        await server.RefusesAsync(
            HttpStatusCode.Forbidden,
            Request("PUT", $"{Sweeps}/program", Submitter, Program.Replace("/opt/jobs/train.py", "/tmp/mine.py", StringComparison.Ordinal), r => r.Headers.IfMatch.Add(new("\"1\""))),
            line => line is { Who: "ci", Method: "PUT" });
    }
}
