using GenCluster.Server.Api;

namespace GenCluster.Server.Tests.Api;

public sealed class LastAnswersTests
{
    private const int Room = 10_000;

    private readonly LastAnswers last = new(Room);

    [Fact]
    public void The_newest_answer_to_a_question_is_found()
    {
        last.Keep("/a", Answer(1));
        last.Keep("/a", Answer(2));

        last.Find("/a", out var found).ShouldBeTrue();
        found.Body.Length.ShouldBe(2);
        last.Find("/b", out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_gone_is_not_told_any_more()
    {
        last.Keep("/a", Answer(1));

        last.Forget("/a");

        last.Find("/a", out _).ShouldBeFalse();
    }

    [Fact]
    public void What_was_asked_longest_ago_makes_room()
    {
        last.Keep("/a", Answer(3_000));
        last.Keep("/b", Answer(3_000));
        last.Find("/a", out _).ShouldBeTrue();

        last.Keep("/c", Answer(3_500));

        Kept("/a", "/b", "/c").ShouldBe(["/a", "/c"]);
    }

    [Fact]
    public void One_that_takes_half_of_the_room_is_not_kept_and_neither_is_the_one_before_it()
    {
        last.Keep("/a", Answer(1));
        last.Keep("/b", Answer(1));

        last.Keep("/a", Answer(Room / 2));

        Kept("/a", "/b").ShouldBe(["/b"]);
    }

    [Fact]
    public void Questions_without_end_take_no_more_than_the_room()
    {
        for (int i = 0; i < 1_000; i++)
            last.Keep($"/{i}", Answer(10));

        Enumerable.Range(0, 1_000).Count(i => last.Find($"/{i}", out _)).ShouldBeInRange(30, Room / 210);
    }

    private string[] Kept(params string[] questions) => [.. questions.Where(q => last.Find(q, out _))];

    private static KeptAnswer Answer(int length) => new(new byte[length], Tag: null, DateTimeOffset.UnixEpoch);
}
