using GenCluster.Helm.Tests.Support;

namespace GenCluster.Helm.Tests;

/// <summary>What people are told after an install.</summary>
public sealed class NotesTests
{
    [Fact]
    public async Task What_is_not_for_keeps_is_said()
    {
        string notes = await Chart.Cluster.NotesAsync("defaults");

        notes.ShouldContain("database.type is sqlite: one coordinator");
        notes.ShouldContain("tls.enabled is false");
        notes.ShouldContain("worker.checkpoints is journal:, which is for small models");
        notes.ShouldContain("kubectl -n ml create token SERVICE_ACCOUNT --audience gencluster");
        notes.ShouldContain("--set server=http://lab-gencluster.ml.svc.cluster.local:8080");
    }

    [Fact]
    public async Task Without_authentication_the_way_in_is_through_the_pod()
    {
        string notes = await Chart.Cluster.NotesAsync("no-authentication");

        notes.ShouldContain("auth.mode is none");
        notes.ShouldContain("port-forward pod/lab-gencluster-coordinator-0 8080");
        notes.ShouldNotContain("helm test");
    }

    [Fact]
    public async Task A_sweep_tells_how_to_follow_it_and_where_its_results_are()
    {
        string notes = await Chart.Sweep.NotesAsync("quickstart");

        notes.ShouldContain("The sweep clothes is submitted by the job lab-");
        notes.ShouldContain("gencluster show clothes --server http://gencluster.ml.svc.cluster.local:8080");
        notes.ShouldContain("s3://runs/gencluster/clothes");
    }
}
