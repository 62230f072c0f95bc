using GenCluster.Core.Identity;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Identity;

public sealed class IdsTests
{
    [Fact]
    public void Ids_read_as_people_write_them()
    {
        Sweep.ToString().ShouldBe("fashion");
        Trial.ToString().ShouldBe("fashion/1");
        Anna.ToString().ShouldBe("anna");
        new Lease(Trial, 3).ToString().ShouldBe("fashion/1@3");
    }
}
