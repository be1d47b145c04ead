namespace Lms.Marc.Tests;

/// <summary>What each defective file gives: records, codes of failures, codes of warnings, and why.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string[] Rows =
    [
        "Catmandu-MARC__dollar_subfields.mrc | 2 | | claims-marc8 | UTF-8 under a blank leader/09",
        "File_MARC__bad_example.mrc | 1 | | | the tag \"30-\" is a tag",
        "marc-perl__cameleof.usmarc | 10 | | | end-of-file marks between records are padding",
        "marc4j__1474920681_KOHA_LFL_6_with_comment.xml | 1 | | unknown-element | elements of a harvester",
        "marc4j__bad_oversize_field_bad_directory.mrc | 5 | | directory subfield | five digits for a field of 10 kB",
        "marc4j__chabon-missing-datafield-tag.xml | 1 | | subfield tag unknown-element | a field without a tag goes nowhere",
        "marc4j__chabon-missing-subfield-code.xml | 1 | | subfield | the text is kept, without a code",
        "marc4j__cruel-cruel-indicatorless-summerland.xml | 1 | | indicators | blanks for indicators",
        "marc4j__not_unimarc_errors_3.mrc | 0 | encoding encoding encoding | subfield | UTF-8 with bytes lost",
        "marc4j__sample1.mrc | 7 | encoding | leader | UTF-8 that was replaced by question marks of Latin-1",
        "marc4j__unordered-directory-entries.mrc | 1 | | | the order of the directory is that of the record",
        "marc4js__marc8_utf8_mixed.mrc | 6 | | | each record for itself",
        "mod-data-import__invalidMarcFile.mrc | 0 | not-marc | | a sentence",
        "mod-data-import__invalidUChicago_SampleBibs.xml | 0 | truncated | | ends within the record",
        "mrrc__e001_record_length_below_24.bin | 1 | | wrong-length | the terminator tells the length",
        "mrrc__e002_invalid_bibliographic_level.bin | 1 | | | values are not for this library to judge",
        "mrrc__e002_invalid_cataloging_form.bin | 1 | | | as above",
        "mrrc__e002_invalid_character_coding.bin | 1 | | | ASCII in any coding",
        "mrrc__e002_invalid_encoding_level.bin | 1 | | | as above",
        "mrrc__e002_invalid_multipart_level.bin | 1 | | | as above",
        "mrrc__e002_invalid_record_status.bin | 1 | | | as above",
        "mrrc__e002_invalid_record_type.bin | 1 | | | as above",
        "mrrc__e002_subfield_code_count_not_two.bin | 1 | | | MARC 21 has one letter, whatever the leader says",
        "mrrc__e003_base_address_below_24.bin | 1 | | base-address | the end of the directory tells",
        "mrrc__e003_base_address_non_digit.bin | 1 | | base-address | as above",
        "mrrc__e004_base_address_past_record.bin | 1 | | base-address | as above",
        "mrrc__e005_truncated_record.bin | 0 | truncated | | no terminator",
        "mrrc__e006_no_record_terminator.bin | 0 | truncated | | as above",
        "mrrc__e101_directory_no_terminator.bin | 1 | | directory | the base address tells",
        "mrrc__e101_directory_non_digit_length.bin | 0 | directory | | a number that is none",
        "mrrc__e101_directory_non_digit_start.bin | 0 | directory | | as above",
        "mrrc__e106_expected_subfield_delimiter.bin | 1 | | subfield | the text is kept, without a code",
        "mrrc__e201_per_tag_indicator_245.bin | 1 | | | values are not for this library to judge",
        "mrrc__e202_non_printable_subfield_code.bin | 1 | | subfield | the code is kept",
        "mrrc__e301_invalid_utf8_in_authority_control_field.bin | 0 | encoding | directory | no encoding has byte FF",
        "mrrc__e301_invalid_utf8_in_subfield.bin | 0 | encoding | | as above",
        "mrrc__e401_bad_char_reference.xml | 0 | not-well-formed | | a reference beyond Unicode",
        "mrrc__e401_unexpected_eof_in_subfield.xml | 0 | truncated | | ends within the record",
        "mrrc__oob-salvage-slice.mrc | 0 | directory | base-address wrong-length | three entries, one field: any tag would be a guess",
        "pymarc__alphatag.dat | 1 | | | tags of letters",
        "pymarc__bad_indicator.dat | 1 | | indicators | a field of no bytes",
        "pymarc__bad_marc8_escape.dat | 0 | encoding | | escapes in place of letters: text is lost",
        "pymarc__regression45.dat | 12 | | indicators | a stray character before the first delimiter",
        "pymarc__utf8_without_leader_flag.dat | 1 | | claims-marc8 | UTF-8 under a blank leader/09",
        "ruby-marc__escaped_character_reference.marc8.marc | 1 | | | a character by its number",
        "ruby-marc__random_tag_order.dat | 1 | | | tags in any order",
        "solrmarc__specTestRecs_withBOM.xml | 76 | | | a byte order mark is no text",
        "stripes-testing__marcBibFileForC402361.mrc | 1 | | claims-marc8 directory wrong-length | edited text, old lengths",
        "stripes-testing__marcBibFileIntegrationResource.mrc | 1 | | directory wrong-length | as above",
        "stripes-testing__marcFileForC357552.mrc | 10 | | claims-marc8 directory wrong-length | lengths in characters",
        "traject__245_no_ab.marc | 1 | | | a title may lack its a",
        "traject__bad_subfield_code.marc | 1 | | subfield | a letter with an accent for a code",
        "traject__bad_utf_byte.utf8.marc | 0 | encoding | | bytes of no encoding",
    ];

    [Fact]
    public async Task Every_defect_has_its_answer()
    {
        var expected = Rows.Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(row => row[0]);
        var actual = new List<string>();
        var files = RealData.MarcFiles.Where(file => file.StartsWith("marc/broken/", StringComparison.Ordinal)).ToList();

        foreach (var file in files)
        {
            var readings = await RealData.ReadAsync(file);
            actual.Add(string.Join(
                " | ",
                Path.GetFileName(file),
                readings.Count(reading => reading.Record is not null),
                string.Join(' ', readings.Where(reading => reading.Record is null).Select(reading => reading.Failure!.Code)),
                string.Join(' ', readings.SelectMany(reading => reading.Warnings).Select(warning => warning.Code)
                    .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))));
        }

        Assert.Equal(
            expected.Values.Select(row => string.Join(" | ", row.Take(4))).Order(StringComparer.Ordinal),
            actual.Order(StringComparer.Ordinal));
    }
}
